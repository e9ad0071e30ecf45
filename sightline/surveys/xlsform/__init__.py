"""Questionnaires as XLSForms, the workbooks of ODK and Kobo: `importing` in, `exporting` out.

What a form asks for and we do not have is listed by sheet and row, never dropped in silence. The
column `sightline` of our own forms holds, as JSON, what an XLSForm has no column for; programs that
do not know it pass over it.
"""
