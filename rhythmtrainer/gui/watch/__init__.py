"""The page for looking at a recording: on a monitor, on paper, with calipers and rulers."""
