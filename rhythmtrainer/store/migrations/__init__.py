"""The steps from each form of the database to the next; steps are only ever appended."""
