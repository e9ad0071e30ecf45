"""Rules that extracts are held against: what is caught, what was not asked, and what is waived.

`definitions` and `waivers` are safe to import anywhere. `checking` builds table expressions and is
imported by the job or command that checks:

    from sightline.children.rules.checking import check
    from sightline.children.rules.definitions import current_ruleset

    findings = check(tables, current_ruleset(day), supplied=supplied, engine=engine, today=day)

A rule names one of the shapes of `shapes` with its parameters; there is no SQL in definitions. No
finding holds a value of a row: a fault is a dataset, an extract, a row, a column and a rule.
"""
