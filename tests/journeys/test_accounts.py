"""Joining, second factors and the access review, in a browser with an authenticator in software."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys import checks
from tests.journeys.conftest import Visit, open_page
from tests.journeys.copies import PASSWORD
from tests.journeys.serving import Served, serving

FINGER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
Opener = Callable[..., Visit]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opener]:
    """A new browser session at a copy, by name; with a device that holds passkeys, if asked."""
    contexts: list[BrowserContext] = []

    def begin(copy: Served, *, device: bool = False) -> Visit:
        visit = open_page(browser, copy.by_name, accept_downloads=True)
        contexts.append(visit.page.context)
        if device:
            give_device(visit.page)
        return visit

    yield begin
    for context in contexts:
        context.close()


def give_device(page: Page) -> None:
    """Let the browser hold passkeys, answering as somebody with the right finger would."""
    chrome = page.context.new_cdp_session(page)
    chrome.send("WebAuthn.enable")
    chrome.send("WebAuthn.addVirtualAuthenticator", {"options": FINGER})


def enter(visit: Visit, copy: Served, role: str) -> None:
    """Type address and password of a role's holder."""
    page = visit.open("/accounts/login/")
    page.get_by_label("Email").fill(copy.email(role))
    page.get_by_label("Password").fill(copy.password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.goto(re.sub(r"(://[^/]+).*", r"\1/accounts/logout/", page.url))
    page.locator("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(words))


def looked_at(visit: Visit) -> None:
    """What every page must pass; those of second factors are reached by no plain address."""
    checks.well_formed(visit.page)
    checks.accessible(visit.page)
    checks.fits(visit.page)


def complaints(visit: Visit) -> list[str]:
    """What the browser complained of; not what it left unfinished because somebody went on.

    That is how it counts a picture of a page already left, and a page that became a download. A
    request that was refused has its status instead, and counts.
    """
    return [said for said in visit.complaints if not said.startswith("no ")]


def code_of(secret: str) -> str:
    """The six figures that an app shows now: RFC 6238."""
    import base64
    import hmac
    import struct

    digest = hmac.digest(
        base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1"
    )
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def set_up_app(visit: Visit) -> tuple[str, list[str]]:
    """From the page that shows the square to the recovery codes; the secret, and the codes."""
    page = visit.page
    heading(page, "Set up an authenticator app")
    looked_at(visit)
    expect(page.get_by_alt_text(re.compile("A square to scan"))).to_be_visible()
    secret = page.locator("main p code").inner_text().replace(" ", "")
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Set up").click()
    heading(page, "Recovery codes")
    looked_at(visit)
    return secret, page.locator("main ol code").all_inner_texts()


def invited(copy: Served, opened: Opener, name: str, email: str) -> str:
    """Add a person as the administrator; the link in the letter they are sent."""
    admin = opened(copy)
    enter(admin, copy, "system-administrator")
    admin.page.wait_for_url("**/home/")
    page = admin.open("/admin/people/add/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Email address").fill(email)
    page.get_by_role("button", name="Add and invite").click()
    expect(page.get_by_text(f"a letter sent to {email}")).to_be_visible()
    expect(page.get_by_text("works until")).to_be_visible()
    (letter,) = [text for text in copy.letters() if name in text]
    (link,) = re.findall(r"http://\S+(/accounts/join/link/\S+/)", letter)
    assert complaints(admin) == []
    return str(link)


def test_a_newcomer_sets_a_passkey_and_signs_in_with_it(served: Served, opened: Opener) -> None:
    link = invited(served, opened, "N. Newcomer", "n.newcomer@sightline.example")
    newcomer = opened(served, device=True)
    page = newcomer.open(link)
    heading(page, "Welcome to Sightline, N. Newcomer")
    checks.works_by_keyboard(page)
    looked_at(newcomer)
    page.get_by_label("What to call it").fill("Work telephone")
    page.get_by_role("button", name="Make a passkey").click()

    heading(page, "Recovery codes")
    codes = page.locator("main ol code").all_inner_texts()
    assert len(set(codes)) == 10
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the codes").click()
    assert codes[0] in download.value.path().read_text()
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url("**/home/")

    sign_out(page)
    looked_at(newcomer)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/home/")
    newcomer.open("/accounts/factors/")
    expect(page.get_by_role("rowheader", name="Work telephone")).to_be_visible()
    looked_at(newcomer)
    assert complaints(newcomer) == []

    late = opened(served)
    heading(late.open(link), "This link has been used")


def test_a_passkey_that_is_not_there_is_said_on_the_page(served: Served, opened: Opener) -> None:
    stranger = opened(served, device=True)
    page = stranger.open("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("Press the button to try again")).to_be_visible()
    looked_at(stranger)


def test_an_app_is_set_up_asked_for_and_stood_in_for(served: Served, opened: Opener) -> None:
    person = opened(served)
    enter(person, served, "safety-reader")
    person.page.wait_for_url("**/home/")
    page = person.open("/accounts/factors/")
    page.get_by_role("link", name="Set up Authenticator app").click()
    secret, codes = set_up_app(person)

    sign_out(page)
    enter(person, served, "safety-reader")
    heading(page, "One more question")
    looked_at(person)
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/home/")

    sign_out(page)
    enter(person, served, "safety-reader")
    page.get_by_label("Code").fill("000 000")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".sl-errors")).to_contain_text("That did not work")
    looked_at(person)
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/home/")
    person.open("/accounts/factors/")
    expect(page.get_by_text("9 of 10 left")).to_be_visible()
    for path in ("app/remove/", "codes/make/", "passkeys/add/", "codes/"):
        person.open(f"/accounts/factors/{path}")
        looked_at(person)
    assert complaints(person) == []


@pytest.fixture(scope="module")
def strict(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A small copy in which roles of weight need a second factor."""
    folder = tmp_path_factory.mktemp("strict")
    fill = ("-m", "tests.journeys.copies", "bare")
    with serving(folder, fill, PASSWORD, SIGHTLINE_SECOND_FACTOR="required") as copy:
        yield copy


def test_who_needs_a_factor_is_led_to_set_one_up(strict: Served, opened: Opener) -> None:
    admin = opened(strict, device=True)
    enter(admin, strict, "system-administrator")
    page = admin.page
    heading(page, "How you sign in")
    expect(page.get_by_text("nothing else opens")).to_be_visible()
    looked_at(admin)
    page.goto(f"{strict.by_name}/admin/people/")
    heading(page, "How you sign in")
    admin.open("/concerns/raise/")

    admin.open("/accounts/factors/")
    page.get_by_role("link", name="Add a passkey").click()
    heading(page, "Add a passkey")
    looked_at(admin)
    page.get_by_role("button", name="Make a passkey").click()
    heading(page, "Recovery codes")
    admin.open("/admin/people/")
    heading(page, "People")
    admin.open("/accounts/factors/")
    page.get_by_role("link", name=re.compile("Remove Passkey")).click()
    heading(page, "This one stays")
    looked_at(admin)
    assert complaints(admin) == []

    member = opened(strict)
    enter(member, strict, "elected-member")
    member.page.wait_for_url("**/home/")


def test_an_access_review_from_the_list_to_the_saved_review(served: Served, opened: Opener) -> None:
    officer = opened(served)
    enter(officer, served, "information-governance-officer")
    officer.page.wait_for_url("**/home/")
    page = officer.open("/admin/access/?role=action-owner")
    heading(page, "Access review")
    looked_at(officer)
    row = page.get_by_role("row").filter(has_text="Action owner").first
    row.get_by_label(re.compile("^Decision")).select_option("end")
    page.get_by_role("button", name="Save review").click()
    expect(page.locator(".sl-errors")).to_contain_text("Say why this role ends")
    row.get_by_label(re.compile("^Decision")).select_option("keep")
    row.get_by_label(re.compile("^Next review")).select_option("3")
    page.get_by_label(re.compile("^Note")).fill("Quarterly")
    page.get_by_role("button", name="Save review").click()
    heading(page, "Access review of")
    expect(page.get_by_text("Review saved.")).to_be_visible()
    expect(page.get_by_role("cell", name="Keep", exact=True)).to_be_visible()
    looked_at(officer)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Download this review")).click()
    assert "Action owner" in download.value.path().read_text(encoding="utf-8-sig")
    officer.open("/admin/access/reviews/")
    expect(page.get_by_role("cell", name="Quarterly").first).to_be_visible()
    looked_at(officer)
    assert complaints(officer) == []
