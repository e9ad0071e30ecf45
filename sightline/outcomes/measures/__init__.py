"""What is counted: views over the tables of a build, shapes over the views, and their answers.

Everything here builds table expressions, so it is imported inside a job, a build step or a command,
never by a page as it starts: the library of expressions takes a second and a half to load.
"""
