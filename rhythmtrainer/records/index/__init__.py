"""From the labels of a database to the spans of the catalogue.

What its labels mean, which records and stretches are left out, and why, stands in a file of rules
for each database; a reader turns the database's labels into recordings of one shape.
"""
