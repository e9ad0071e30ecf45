"""The one list of permissions. A role is a named set of them; a door asks for one."""

from enum import StrEnum


class Permission(StrEnum):
    """What somebody may do, where their assignment reaches."""

    # everyone with a role, except where the role's sentence says "no domain data"
    FRAMEWORK_VIEW = "framework.view"
    PARTNERSHIP_VIEW = "partnership.view"
    PUBLISHED_VIEW = "published.view"  # published inspections and the overview

    INSPECTION_VIEW = "inspection.view"  # an inspection that is not published
    INSPECTION_CREATE = "inspection.create"
    INSPECTION_IMPORT = "inspection.import"
    INSPECTION_CORRECT = "inspection.correct"  # correct a published value, keeping the old one
    INSPECTION_EXPORT = "inspection.export"

    TITLE_CORRECT = "title.correct"  # correct an official title
    PARTNERSHIP_EDIT = "partnership.edit"
    REFERENCE_LOAD = "reference.load"  # load published data about places for everybody

    PEOPLE_VIEW = "people.view"
    PEOPLE_MANAGE = "people.manage"
    AUDIT_VIEW = "audit.view"

    ACCESS_REVIEW = "access.review"  # confirm, now and then, that people still need what they hold
    JOBS_MANAGE = "jobs.manage"  # see what ran, retry and cancel

    # A matter of concern is opened by its raiser and by whoever holds one of these over it.
    CONCERN_DECIDE = "concern.decide"  # the lead of the inspection decides whether to pass it on
    CONCERN_RECEIVE = "concern.receive"  # the local lead acknowledges it and acts
    CONCERN_OVERSEE = "concern.oversee"  # the service manager sees that somebody does

    FIGURES_OPERATIONAL = "figures.operational"  # exact figures: officers named, openings recorded
    FIGURES_COMMITTEE = "figures.committee"  # figures for a private session, small ones flagged
    FIGURES_RESEARCH = "figures.research"  # rounded figures given to researchers by request
    RELEASE_VIEW = "release.view"  # the ledger of what has been released
    RELEASE_REVIEW = "release.review"  # sign that tables may be shown, or withdraw them
    DISCLOSURE_SET = "disclosure.set"  # make a partnership's threshold stricter

    OUTCOMES_VIEW = "outcomes.view"  # indicators, as protected as the reader's profile asks
    OUTCOMES_ANNOTATE = "outcomes.annotate"  # write on a chart what happened and when
    DATA_VIEW = "data.view"  # builds, faults, what is not supplied
    DATA_LOAD = "data.load"  # send extracts, map columns, publish and undo builds
    CHILDREN_VIEW = "children.view"  # the pseudonymous list behind a figure; openings recorded
    RULE_WAIVE = "rule.waive"  # approve that a rule is not applied, with the reason
    CHILDREN_ERASE = "children.erase"  # have a child's rows taken out of every build

    SURVEY_VIEW = "survey.view"  # surveys, how many have answered, and protected results
    SURVEY_RUN = "survey.run"  # build, open, invite to, pause and close a survey
    SURVEY_READ = "survey.read"  # be named to read free text before anybody else does

    RECORDS_RETURN = "records.return"  # send children in scope of an inspection, see one's own
    RECORDS_RUN = "records.run"  # set up the reading of an inspection's records
    RECORDS_READ = "records.read"  # be named as a reader, and read what is allotted
    RECORDS_MODERATE = "records.moderate"  # see both readings of a record, settle, lock and reopen
    RECORDS_RESULTS = "records.results"  # what the records of an inspection showed
    # The same for audits of a partnership's own; only over that partnership, never nationally.
    OWN_RECORDS_RUN = "own-records.run"
    OWN_RECORDS_READ = "own-records.read"
    OWN_RECORDS_RESULTS = "own-records.results"
