"""People, organisations, assignments, and the audit trail."""

import datetime as dt
from typing import ClassVar, Final

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from sightline.access.fields import TrailJSON, TrailKey


class Organisation(models.Model):
    """An employer of people who use Sightline: a scrutiny body, a council, a health board."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "code", "name"}

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes people by e-mail address."""

    def create_user(
        self, email: str, name: str, password: str | None = None, **more: object
    ) -> "User":
        """A person who may sign in once they hold a password; no password makes it unusable."""
        user = self.model(email=self.normalize_email(email).lower(), name=name, **more)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person who may sign in. Deactivated, never deleted: what they did stays theirs."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    designation = models.CharField(max_length=200, blank=True, help_text="Their post, in words.")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="people"
    )
    is_active = models.BooleanField(default=True)
    leaves_on = models.DateField(
        null=True,
        blank=True,
        help_text="Their last day, if they are leaving.",
    )
    session_epoch = models.PositiveIntegerField(
        default=0, help_text="Raised to sign them out everywhere at once."
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(email=""), name="person_has_an_email_address"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = {"email", "name", "designation", "last_login"}
        plain: ClassVar[set[str]] = {
            "id", "organisation", "is_active", "leaves_on", "session_epoch",
        }  # fmt: skip
        secret: ClassVar[set[str]] = {"password"}

    def __str__(self) -> str:
        return self.name

    @property
    def audit_name(self) -> str:
        """How the audit trail names this person."""
        return f"person:{self.pk}"

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must agree with: the password as Django has it, and the epoch."""
        found = str(super()._get_session_auth_hash(secret=secret))  # type: ignore[misc]
        # Without an epoch it is Django's own, so that nobody is signed out by an upgrade.
        if not self.session_epoch:
            return found
        of_epoch = salted_hmac(
            "sightline.access.session_epoch",
            f"{found}:{self.session_epoch}",
            secret=secret,
            algorithm="sha256",
        )
        return of_epoch.hexdigest()

    is_staff = False
    is_superuser = False

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's own permissions are not used."""
        return False

    def has_perms(self, perm_list: object, obj: object = None) -> bool:
        """Django's own permissions are not used."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Django's own permissions are not used."""
        return False


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Questions about assignments."""

    def live_on(self, day: dt.date) -> "AssignmentQuerySet":
        """Those in force on `day`: the first and the last day are both included.

        One that somebody ended early is in force no more from that moment, so not on that day.
        """
        day_after = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))
        return self.filter(
            Q(ends__isnull=True) | Q(ends__gte=day),
            Q(ended_at__isnull=True) | Q(ended_at__gte=day_after),
            starts__lte=day,
        )


class Assignment(models.Model):
    """A person holds a role in a scope, from `starts` to `ends`, both days included.

    The scope is a name, not a link, so that this context need not know what it names: kind
    `national` (key `scotland`), `partnership` (its code) or `inspection` (its reference).
    """

    class ScopeKind(models.TextChoices):
        """How far an assignment reaches."""

        NATIONAL = "national", "All of Scotland"
        PARTNERSHIP = "partnership", "One partnership"
        INSPECTION = "inspection", "One inspection"

    person = models.ForeignKey(User, models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=60, help_text="Code in definitions/access/roles.")
    scope_kind = models.CharField(max_length=20, choices=ScopeKind)
    scope_key = models.CharField(max_length=80)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    granted_at = models.DateTimeField()
    granted_by = models.CharField(max_length=80, help_text="Audit name of who granted it.")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=80, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="assignment_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(granted_by=""), name="assignment_is_granted_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by="")
                | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
                name="assignment_ended_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(scope_kind__in=["national", "partnership", "inspection"]),
                name="assignment_scope_kind_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(scope_kind="national") | Q(scope_key="scotland"),
                name="assignment_national_means_scotland",
            ),
            models.UniqueConstraint(
                fields=["person", "role", "scope_kind", "scope_key", "starts"],
                condition=Q(ended_at__isnull=True),
                name="assignment_is_given_once",
            ),
        ]
        indexes = [models.Index(fields=["scope_kind", "scope_key"], name="assignment_by_scope")]

    class Sensitivity:
        personal: ClassVar[set[str]] = {"person"}
        plain: ClassVar[set[str]] = {
            "id", "role", "scope_kind", "scope_key", "starts", "ends",
            "granted_at", "granted_by", "ended_at", "ended_by",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person} as {self.role} of {self.scope_kind} {self.scope_key}"


class Invitation(models.Model):
    """A letter with a link by which one person sets up how they sign in, once.

    The link's secret is kept as a hash, so that nobody who reads the database can use one. A link
    that is neither used nor withdrawn is open until `expires`; a person has at most one.
    """

    class Purpose(models.TextChoices):
        """Why it was sent."""

        JOIN = "join", "To join"
        AGAIN = "again", "To set up again"

    person = models.ForeignKey(User, models.PROTECT, related_name="invitations")
    purpose = models.CharField(max_length=10, choices=Purpose)
    secret_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=80, help_text="Audit name of who sent it.")
    expires = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.CharField(max_length=80, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=["join", "again"]), name="invitation_purpose_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(sent_by="") & Q(sent_at__isnull=False),
                name="invitation_is_sent_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(expires__gt=F("sent_at")), name="invitation_expires_after_it_is_sent"
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, used_by="")
                | (Q(used_at__isnull=False) & ~Q(used_by="")),
                name="invitation_used_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by="")),
                name="invitation_withdrawn_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="invitation_is_not_both_used_and_withdrawn",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(used_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_is_open_once_a_person",
            ),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = {"person"}
        plain: ClassVar[set[str]] = {
            "id", "purpose", "sent_at", "sent_by", "expires",
            "used_at", "used_by", "withdrawn_at", "withdrawn_by",
        }  # fmt: skip
        secret: ClassVar[set[str]] = {"secret_hash"}

    def __str__(self) -> str:
        return f"Invitation of {self.person}"


class AccessReview(models.Model):
    """Somebody went through who holds what, and kept or ended each: one page of it, saved once."""

    reviewed_at = models.DateTimeField()
    reviewed_by = models.CharField(max_length=80, help_text="Audit name of who reviewed.")
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reviewed_by="") & Q(reviewed_at__isnull=False),
                name="access_review_is_somebodys",
            ),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = {"note"}
        plain: ClassVar[set[str]] = {"id", "reviewed_at", "reviewed_by"}

    def __str__(self) -> str:
        return f"Access review {self.pk}"


class ReviewLine(models.Model):
    """What a review decided about one assignment, and what was known of it then."""

    class Decision(models.TextChoices):
        """What became of it."""

        KEEP = "keep", "Keep"
        END = "end", "End"

    review = models.ForeignKey(AccessReview, models.PROTECT, related_name="lines")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="reviewed")
    decision = models.CharField(max_length=10, choices=Decision)
    next_review = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)
    last_signed_in = models.DateTimeField(null=True, blank=True)
    had_factor = models.BooleanField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="keep", next_review__isnull=False)
                | (Q(decision="end", next_review__isnull=True) & ~Q(reason="")),
                name="review_line_kept_until_or_ended_with_reason",
            ),
            models.UniqueConstraint(
                fields=["review", "assignment"], name="review_line_once_an_assignment"
            ),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = {"reason", "last_signed_in", "had_factor"}
        plain: ClassVar[set[str]] = {"id", "review", "assignment", "decision", "next_review"}

    def __str__(self) -> str:
        return f"{self.decision}: {self.assignment_id}"


ROWS: Final = ("row.added", "row.changed", "row.removed")
"""The verbs that triggers write."""


class IsDeed(models.Func):
    """Whether a service or door wrote a line, as the condition of the indexes has it.

    Written out, because a database uses a partial index only where it sees the same condition, and
    values passed as parameters hide it.
    """

    template = "NOT (%(expressions)s IN ('row.added', 'row.changed', 'row.removed'))"
    output_field = models.BooleanField()


class AuditEvent(models.Model):
    """One thing somebody did. Append-only: the database refuses to change or delete a row.

    Rows written by triggers (verbs `row.added`, `row.changed`, `row.removed`) name the table and
    the row's key and carry the row before and after; rows written by services and doors name the
    deed (`evaluation.corrected`, `inspection.read`) and the thing, as `kind:key`.
    """

    id = TrailKey(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    verb = models.CharField(max_length=60)
    target = models.CharField(max_length=160)
    reason = models.TextField(blank=True)
    before = TrailJSON(null=True)
    after = TrailJSON(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(actor=""), name="audit_event_has_an_actor"),
        ]
        # Not of the rows that triggers write: an index more costs each single-row write some 7 %.
        indexes = [
            models.Index(fields=["target"], condition=~Q(verb__in=ROWS), name="deed_by_target"),
            models.Index(fields=["id"], condition=~Q(verb__in=ROWS), name="deed_in_order"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = {"actor", "reason", "before", "after"}
        plain: ClassVar[set[str]] = {"id", "at", "verb", "target"}

    def __str__(self) -> str:
        return f"{self.actor} {self.verb} {self.target}"
