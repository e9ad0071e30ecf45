"""Settings are read strictly, and everything wrong with them is said at once."""

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.config.env import MINIMUM_SECRET, Env, from_environment, read_env_file
from sightline.kernel.errors import BadSettings

SECRET = "s" * MINIMUM_SECRET


def wrong(env: Env) -> str:
    """What `check` says."""
    with pytest.raises(BadSettings) as found:
        env.check()
    return str(found.value)


def test_every_fault_is_said_at_once_with_what_to_set():
    env = Env({"FLAG": "yes", "NUMBER": "-1", "PATH_": "var", "SECRET": "short", "DB": "mysql://x"})
    env.text("MISSING")
    env.flag("FLAG", default=False)
    env.number("NUMBER", 3)
    env.path("PATH_")
    env.secret("SECRET")
    env.database("DB")

    said = wrong(env)

    assert "MISSING is missing; set it." in said
    assert "FLAG is 'yes'; write true or false." in said
    assert "NUMBER is '-1'; write a whole number, 0 or more." in said
    assert "PATH_ is 'var'; write the whole path from /." in said
    assert f"SECRET is shorter than {MINIMUM_SECRET} characters." in said
    assert "DB is not a database; write sqlite:" in said
    assert "docs/guides/administrator.md" in said
    assert len(env.faults) == 6


def test_nothing_wrong_says_nothing():
    env = Env({})
    env.flag("FLAG", default=False)
    env.check()


def test_an_odd_value_never_becomes_the_default():
    env = Env({"FLAG": "False"})
    assert env.flag("FLAG", default=True) is None
    assert "FLAG" in wrong(env)


@pytest.mark.parametrize(
    ("given_value", "default", "expected"),
    [("true", False, True), ("false", True, False), ("", True, True), (None, False, False)],
)
def test_a_flag_is_true_or_false(given_value, default, expected):
    env = Env({} if given_value is None else {"FLAG": given_value})
    assert env.flag("FLAG", default=default) is expected
    env.check()


@pytest.mark.parametrize(
    ("value", "good"), [("2", True), ("1", False), ("1.5", False), ("x", False)]
)
def test_a_number_is_whole_and_large_enough(value, good):
    env = Env({"N": value})
    assert env.number("N", 9, at_least=2) == (2 if good else None)
    assert bool(env.faults) is not good


def test_words_stand_between_commas():
    env = Env({"HOSTS": " a.example, ,b.example "})
    assert env.words("HOSTS") == ["a.example", "b.example"]
    assert env.words("OTHERS", "x,y") == ["x", "y"]


def test_a_path_is_whole(tmp_path):
    env = Env({"P": str(tmp_path)})
    assert env.path("P") == tmp_path
    assert env.path("Q", Path("/var")) == Path("/var")
    env.check()


@pytest.mark.parametrize("length", [MINIMUM_SECRET - 1, MINIMUM_SECRET])
def test_a_secret_is_long(length):
    env = Env({"S": "x" * length})
    env.secret("S")
    assert bool(env.faults) is (length < MINIMUM_SECRET)


def test_a_secret_may_come_from_a_file_which_wins(tmp_path):
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n", encoding="utf-8")
    assert Env({"S_FILE": str(file), "S": "t" * 60}).secret("S") == SECRET


@pytest.mark.parametrize("content", [None, "short"])
def test_a_secret_file_that_is_missing_or_short_is_a_fault(tmp_path, content):
    file = tmp_path / "secret"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    env = Env({"S_FILE": str(file), "S": SECRET})
    env.secret("S")
    assert f"S_FILE: {file} cannot be used" in wrong(env)


def test_a_database_is_sqlite_by_its_whole_path():
    assert Env({"DB": "sqlite:////var/x.sqlite3"}).database("DB") == {
        "ENGINE": "sightline.access.backends.sqlite",
        "NAME": "/var/x.sqlite3",
    }


def test_a_database_is_postgresql_with_everything_it_needs():
    url = "postgresql://anna:p%40ss%2Fword@db.example:5433/sightline"
    assert Env({"DB": url}).database("DB") == {
        "ENGINE": "sightline.access.backends.postgresql",
        "NAME": "sightline",
        "USER": "anna",
        "PASSWORD": "p@ss/word",
        "HOST": "db.example",
        "PORT": "5433",
    }


@pytest.mark.parametrize(
    "url",
    ["sqlite://x.sqlite3", "sqlite:x", "postgresql:///name", "postgresql://host/", "/x", "x"],
)
def test_half_a_database_is_a_fault(url):
    env = Env({"DB": url})
    env.database("DB")
    assert "DB is not a database" in wrong(env)


def test_the_file_is_read_and_the_environment_wins(tmp_path, monkeypatch):
    file = tmp_path / "x.env"
    file.write_text("# a comment\n\nSL_ONE=file\nSL_TWO = a=b \nno pair\n", encoding="utf-8")
    monkeypatch.setenv("SIGHTLINE_ENV_FILE", str(file))
    monkeypatch.setenv("SL_ONE", "environment")
    env = from_environment(tmp_path)
    assert env.text("SL_ONE") == "environment"
    assert env.text("SL_TWO") == "a=b"
    assert "#" not in "".join(read_env_file(file))


def test_without_a_named_file_the_checkouts_own_is_read(tmp_path, monkeypatch):
    monkeypatch.delenv("SIGHTLINE_ENV_FILE", raising=False)
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "sightline.env").write_text("SL_ONLY=here\n", encoding="utf-8")
    assert from_environment(tmp_path).text("SL_ONLY") == "here"


def test_no_file_is_no_settings(tmp_path):
    assert read_env_file(tmp_path / "none") == {}


def key(letter: str) -> str:
    """A key of 32 bytes, in base64."""
    return base64.b64encode(letter.encode() * 32).decode()


A, B = key("a"), key("b")


@pytest.mark.parametrize(
    "value", [f"new:{A},old:{B}", f"new:{A}\nold:{B}\n", f"# the data\n new:{A}\n\n  old:{B}"]
)
@pytest.mark.parametrize("from_file", [True, False])
def test_keys_come_from_the_environment_or_a_file_the_current_one_first(tmp_path, value, from_file):
    file = tmp_path / "keys"
    file.write_text(value, encoding="utf-8")
    env = Env({"K_FILE": str(file)} if from_file else {"K": value})
    assert env.keys("K") == (("new", b"a" * 32), ("old", b"b" * 32))
    env.check()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("", "missing"),
        ("# nothing", "holds no key; make one with `sightline secrets new-key`"),
        (A, "a key without a name"),
        (f"UPPER:{A}", "a key without a name"),
        (f":{A}", "a key without a name"),
        (f"{'i' * 32}:{A}", "a key without a name"),
        ("one:not/base=64!", "has a key one that is not base64"),
        (f"one:{A[:-1]}", "has a key one that is not base64"),
        ("one:" + base64.b64encode(b"a" * 31).decode(), "has a key one of 31 bytes; it must be 32"),
        ("one:" + base64.b64encode(b"a" * 33).decode(), "has a key one of 33 bytes"),
        ("one:", "has a key one of 0 bytes"),
        (f"one:{A},one:{B}", "holds the id one twice"),
        (f"one:{A},two:{A}", "holds as two the very key that is in K as one"),
    ],
)
@pytest.mark.parametrize("from_file", [True, False])
def test_bad_keys_stop_the_start_and_are_not_repeated(tmp_path, value, said, from_file):
    file = tmp_path / "keys"
    file.write_text(value, encoding="utf-8")
    env = Env({"K_FILE": str(file)} if from_file else {"K": value})
    env.keys("K")
    if from_file and not value:
        said = "holds no key"
    message = wrong(env)
    assert said in message
    assert "K_FILE" in message or not from_file
    for shown in (A, B, "not/base", A[:20]):
        assert shown not in message


def test_two_purposes_do_not_share_a_key():
    env = Env({"ONE": f"x:{A}", "TWO": f"y:{B},z:{A}"})
    env.keys("ONE")
    env.keys("TWO")
    assert "TWO holds as z the very key that is in ONE as x" in wrong(env)


def test_a_key_file_that_cannot_be_read_says_so_and_nothing_of_it(tmp_path):
    odd = tmp_path / "odd"
    odd.write_bytes(b"one:\xff\xfe\xfa")
    env = Env({"K_FILE": str(tmp_path / "none"), "L_FILE": str(odd), "M_FILE": str(tmp_path)})
    assert (env.keys("K"), env.keys("L"), env.keys("M")) == ((), (), ())
    message = wrong(env)
    assert f"K_FILE: {tmp_path / 'none'} cannot be read (No such file or directory)." in message
    assert f"L_FILE: {odd} is not text." in message
    assert f"M_FILE: {tmp_path} cannot be read (Is a directory)." in message
    assert "xff" not in message


def test_a_key_is_not_shown_where_settings_are():
    env = Env({"K": f"one:{A}"})
    shown = f"{env.keys('K')} {env.keys('K')[0][1]}"
    assert "<key>" in shown
    assert "aaa" not in shown


def test_a_choice_is_one_of_its_options():
    options = ("database", "immediate")
    env = Env({"C": "immediate", "D": "sometimes"})
    assert env.choice("C", options) == "immediate"
    assert env.choice("NONE", options) == "database"
    env.choice("D", options)
    assert "D is 'sometimes'; write database or immediate." in wrong(env)


@given(st.text())
def test_any_text_is_a_value_or_a_fault_and_never_a_traceback(value):
    env = Env({"X": value})
    env.flag("X", default=False)
    env.number("X", 1)
    env.path("X", Path("/"))
    env.database("X")
    env.keys("X")
    assert env.faults
