"""Bytes of an archive, over HTTP or from a folder that is laid out like one."""
