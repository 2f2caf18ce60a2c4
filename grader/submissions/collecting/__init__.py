"""From what a learning platform hands out to one folder for each student.

`collecting.collect` is the way in; `layouts` knows the platforms, `archives` opens what students
packed, and nothing that lies in it is trusted.
"""
