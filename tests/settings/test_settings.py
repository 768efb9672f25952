from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from maild.errors import ConfigurationError
from maild.process.ticket import Event, Role
from maild.settings.reading import read_settings
from maild.settings.secret import read_secret
from maild.settings.values import Secret
from maild.shipped import folder as shipped
from tests.support.desk_folder import a_folder, add, change, problems, read
from tests.support.making import TOLD
from tests.support.unprivileged import a_public_folder, unprivileged

SECOND = '\n[[mailbox]]\nhost = "MAIL.example.org"\n'
"""Another mailbox of the account that the shipped file names."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_folder(tmp_path / "config")


def only(found: list[str], *parts: str) -> None:
    """There is one problem, and it says all of that."""
    assert len(found) == 1, found
    for part in parts:
        assert part in found[0]


def test_the_shipped_configuration_is_right(folder: Path) -> None:
    settings = read(folder)
    assert settings.desk.address == "support@example.org"
    assert settings.mailboxes[0].port == 993
    assert settings.smtp.port == 465
    assert dict(settings.policy.told[Event.HAND_OFF_UNCLAIMED])[Role.LEAD] == "hand_off_unclaimed"
    assert settings.priorities.of(1, 1) == 1
    assert settings.priorities.of(3, 3) == 5
    assert settings.priorities.calendar.hours[4] == (time(9), time(17))


def test_the_shipped_folder_is_right_as_it_lies_there() -> None:
    settings = read_settings(shipped("config"), {})
    routed = {team.name for team in settings.team.others}
    assert all(
        category.technical or category.responsible in routed | {None} for category in settings.categories.values()
    )
    taken = {name for team in settings.team.others for name in team.takes}
    assert all(not settings.categories[name].technical for name in taken & settings.categories.keys())


def test_the_shipped_table_of_who_is_told_is_the_one_that_the_process_is_tested_with(folder: Path) -> None:
    assert read(folder).policy.told == TOLD


def test_what_is_left_out_of_smtp_is_as_in_the_first_mailbox(folder: Path) -> None:
    settings = read(
        change(folder, "maild.toml", 'host = "mail.example.org"               #', 'host = "mx.acme.example" #')
    )
    assert settings.smtp.host == "mx.acme.example"
    assert settings.smtp.username == settings.mailboxes[0].username == "support@example.org"
    assert settings.smtp.secret == settings.mailboxes[0].secret
    assert settings.mailboxes[0].secret.file == folder / "secrets/mailbox-password"


def test_an_empty_username_submits_without_log_in(folder: Path) -> None:
    smtp = read(folder, MAILD_SMTP__USERNAME="").smtp
    assert smtp.username is None
    assert smtp.secret is None


def test_an_unknown_key_names_file_and_key_and_what_was_meant(folder: Path) -> None:
    found = problems(change(folder, "maild.toml", 'name = "Support"', 'nmae = "Support"'))
    only(found, str(folder / "maild.toml"), "desk.nmae", "did you mean name?", "aliases")


def test_a_key_above_the_sections_is_told_where_it_belongs(folder: Path) -> None:
    found = problems(change(folder, "maild.toml", "[desk]\n", 'time_zone = "UTC"\n[desk]\n'))
    only(found, "time_zone is unknown above the sections; it belongs below desk; allowed:")
    many = problems(change(folder, "maild.toml", 'time_zone = "UTC"\n[desk]\n', 'host = "a.example"\n[desk]\n'))
    only(many, "host is unknown above the sections; it belongs below mailbox or smtp")


@pytest.mark.parametrize("section", ["[desk.more]", "[[mailbox.more]]", "[colour]"])
def test_an_unknown_section_is_an_error_at_any_depth(folder: Path, section: str) -> None:
    only(problems(add(folder, "maild.toml", f"\n{section}\nx = 1\n")), "is unknown", "allowed:")


def test_a_wrong_value_names_file_key_value_and_what_is_allowed(folder: Path) -> None:
    found = problems(change(folder, "maild.toml", "# port = 993 ", "port = 99999 "))
    only(found, "maild.toml: mailbox[0].port = 99999 is not allowed; allowed: at most 65535")


def test_all_problems_of_all_files_come_at_once(folder: Path) -> None:
    change(folder, "maild.toml", 'time_zone = "UTC"', 'time_zone = "Mars/Olympus"')
    change(folder, "maild.toml", "# port = 993 ", 'port = "imaps" ')
    change(folder, "process.toml", 'repeat_overdue = "4h"', 'repeat_overdue = "soon"')
    change(folder, "priorities.toml", 'title = "low"', "title = 4")
    change(folder, "team.toml", 'role = "lead"', 'role = "boss"')
    add(folder, "categories/network.toml", 'responsible = "Nobody"\n')
    found = problems(folder)
    for part in ("Mars/Olympus", "imaps", "soon", "priority.4.title = 4", 'person[0].role = "boss"'):
        assert any(part in line for line in found), part
    assert len(found) == 5
    change(folder, "team.toml", 'role = "boss"', 'role = "lead"')
    assert any("Nobody" in line for line in problems(folder))


def test_rules_between_files_are_checked_beside_a_wrong_key(folder: Path) -> None:
    change(folder, "maild.toml", "# port = 993 ", "port = 0 ")
    change(folder, "maild.toml", 'front_team = "Front desk"', 'front_team = "Fornt desk"')
    found = problems(folder)
    assert len(found) == 2
    assert any("desk.front_team" in line and "did you mean Front desk?" in line for line in found)


def test_a_plain_password_is_refused_and_never_shown(folder: Path) -> None:
    found = problems(change(folder, "maild.toml", "# port = 993 ", 'password = "hunter2" '))
    only(found, "mailbox[0].password", "password_file", "password_env")
    assert "hunter2" not in found[0]


@pytest.mark.parametrize("key", ["passwd", "pasword", "password_flie", "secret", "token"])
def test_a_misspelt_password_is_never_shown(folder: Path, key: str) -> None:
    found = problems(change(folder, "maild.toml", "# port = 993 ", f'{key} = "hunter2" '))
    only(found, f"mailbox[0].{key}", "is unknown")
    assert "hunter2" not in found[0]


def test_a_secret_has_one_place(folder: Path) -> None:
    change(folder, "maild.toml", "# port = 993 ", 'password_file = "a"\npassword_env = "B" ')
    only(problems(folder), "mailbox[0]", "one of the two")


@pytest.mark.parametrize(
    "url",
    ["postgresql://maild:hunter2@db.example/maild", "postgresql://db.example/maild?password=hunter2",
     "postgresql://maild:@db.example/maild", "postgresql+psycopg://maild:hunter2@db.example/maild"],
)  # fmt: skip
def test_a_password_in_the_database_url_is_refused_and_never_shown(folder: Path, url: str) -> None:
    found = problems(folder, MAILD_DATABASE__URL=url)
    only(found, "database.url", "password_file")
    assert "hunter2" not in found[0]


@pytest.mark.parametrize(
    "url", ["mysql://db/maild", "sqlite://", "sqlite:///", "sqlite:///:memory:", "postgresql://db", "http://[", "maild.db",
            "postgresql://db:port/maild"],
)  # fmt: skip
def test_an_unknown_database_is_refused(folder: Path, url: str) -> None:
    only(problems(folder, MAILD_DATABASE__URL=url), "database.url", "sqlite:///PATH", "postgresql://")


def test_the_unknown_kind_of_database_is_named(folder: Path) -> None:
    only(problems(folder, MAILD_DATABASE__URL="mysql://db/maild"), "environment: MAILD_DATABASE__URL: ", "mysql")


def test_postgresql_is_allowed_as_it_is_written(folder: Path) -> None:
    url = "postgresql://maild@db.example:5433/maild?sslmode=verify-full"
    assert read(folder, MAILD_DATABASE__URL=url).database_url == url


def test_relative_paths_start_at_the_folder(folder: Path) -> None:
    settings = read(folder, MAILD_SMTP__CA_FILE="ca.pem")
    assert settings.database_url == f"sqlite:///{folder}/var/maild.db"
    assert settings.smtp.ca_file == folder / "ca.pem"


def test_relative_paths_start_at_the_state_directory_where_that_is_set(folder: Path) -> None:
    settings = read(folder, STATE_DIRECTORY="/var/lib/maild:/var/lib/more")
    assert settings.database_url == "sqlite:////var/lib/maild/var/maild.db"
    assert settings.mailboxes[0].secret.file == Path("/var/lib/maild/secrets/mailbox-password")


def test_an_absolute_path_stays_as_it_is(folder: Path) -> None:
    settings = read(folder, MAILD_DATABASE__URL="sqlite:////srv/desk.db", STATE_DIRECTORY="/var/lib/maild")
    assert settings.database_url == "sqlite:////srv/desk.db"


def test_the_environment_stands_over_the_file(folder: Path) -> None:
    settings = read(
        folder,
        MAILD_SMTP__HOST="smtp.acme.example",
        MAILD_SMTP__PORT="2525",
        MAILD_SMTP__NULL_SENDER="true",
        MAILD_DESK__ADDRESS="help@acme.example",
        MAILD_DESK__ALIASES='["hilfe@acme.example"]',
        MAILD_MAILBOX__0__HOST="imap.acme.example",
        MAILD_MAILBOX__POLL="5s",
        MAILD_CLASSIFY__ERROR_BUDGET="0.02",
    )
    assert (settings.smtp.host, settings.smtp.port, settings.smtp.null_sender) == ("smtp.acme.example", 2525, True)
    assert settings.desk.owns("HILFE@acme.example")
    assert (settings.mailboxes[0].host, settings.mailboxes[0].poll_seconds) == ("imap.acme.example", 5.0)
    assert settings.classify.error_budget == 0.02


def test_the_environment_can_add_a_mailbox_but_leave_no_gap(folder: Path) -> None:
    assert read(folder, MAILD_MAILBOX__1__HOST="second.example").mailboxes[1].host == "second.example"
    only(problems(folder, MAILD_MAILBOX__2__HOST="third.example"), "environment: MAILD_MAILBOX__2__HOST", "gap")


def test_a_wrong_value_from_the_environment_names_its_variable(folder: Path) -> None:
    only(
        problems(folder, MAILD_SMTP__PORT="imaps"),
        "environment: MAILD_SMTP__PORT",
        'smtp.port = "imaps"',
        "a whole number",
    )
    only(problems(folder, MAILD_SMTP__PROT="1"), "environment: MAILD_SMTP__PROT", "did you mean port?")
    only(problems(folder, MAILD_SMPT__PORT="1"), "environment: MAILD_SMPT__PORT", "did you mean smtp?")


def test_variables_of_another_form_are_left_alone(folder: Path) -> None:
    read(folder, MAILD_CONFIG="/etc/maild", MAILD_SOMETHING="1", SMTP__PORT="no")


def test_a_variable_that_holds_a_secret_is_no_override(folder: Path) -> None:
    settings = read(folder, MAILD_SMTP__PASSWORD_ENV="MAILD_SMTP__PASSWORD", MAILD_SMTP__PASSWORD="hunter2")
    assert settings.smtp.secret == Secret(key="smtp.password_env", variable="MAILD_SMTP__PASSWORD")
    found = problems(folder, MAILD_SMTP__PASSWORD="hunter2")
    only(found, "MAILD_SMTP__PASSWORD", "password_env")
    assert "hunter2" not in found[0]


def test_security_none_is_for_loopback_only(folder: Path) -> None:
    only(
        problems(folder, MAILD_MAILBOX__0__SECURITY="none"),
        'mailbox[0].security = "none"',
        "starttls",
        "mail.example.org",
    )
    only(problems(folder, MAILD_SMTP__SECURITY="none"), 'environment: MAILD_SMTP__SECURITY: smtp.security = "none"')
    for host in ("127.0.0.1", "127.9.9.9", "::1", "localhost", "LocalHost", "localhost."):
        assert read(folder, MAILD_SMTP__HOST=host, MAILD_SMTP__SECURITY="none").smtp.port == 25


@pytest.mark.parametrize("host", ["localhost.evil.example", "10.0.0.1", "0.0.0.0", "127.0.0.1.example"])  # noqa: S104
def test_what_only_looks_like_loopback_is_not(folder: Path, host: str) -> None:
    only(problems(folder, MAILD_SMTP__HOST=host, MAILD_SMTP__SECURITY="none"), "smtp.security")


@pytest.mark.parametrize(
    ("variable", "value", "allowed"),
    [
        ("MAILD_DESK__ADDRESS", "Support <support@acme.example>", "an address such as"),
        ("MAILD_DESK__ADDRESS", "support", "an address such as"),
        ("MAILD_DESK__ADDRESS", "a@b@c.example", "an address such as"),
        ("MAILD_DESK__ADDRESS", "a..b@c.example", "an address such as"),
        ("MAILD_DESK__ADDRESS", "a@b.example\r\nBcc: x@y.example", "an address such as"),
        ("MAILD_DESK__NAME", "Support\r\nBcc: x@y.example", "one line of text"),
        ("MAILD_DESK__NAME", "  ", "one line of text"),
        ("MAILD_DESK__SUBADDRESS", "-", "'+' or ''"),
        ("MAILD_DESK__PREFIX", "T-", "capital letters"),
        ("MAILD_DESK__PREFIX", "TOOLONGPREFIX", "one to ten"),
        ("MAILD_DESK__LANGUAGES", "[]", "at least 1"),
        ("MAILD_DESK__LANGUAGES", '["english"]', "two letters"),
        ("MAILD_DESK__TIME_ZONE", "../../etc/passwd", "a time zone such as"),
        ("MAILD_DESK__TIME_ZONE", "a" * 300, "a time zone such as"),
        ("MAILD_SMTP__HOST", "smtp://mail.example", "no scheme"),
        ("MAILD_SMTP__HOST", "mail.example:25", "no port"),
        ("MAILD_SMTP__CONNECTIONS", "0", "at least 1"),
        ("MAILD_SMTP__TIMEOUT", "3 business days", "a duration such as"),
        ("MAILD_SMTP__TIMEOUT", "0s", "15m or 4h, more than zero and at most 3660 days"),
        ("MAILD_MAILBOX__0__AFTER", "delete", "'move', 'flag' or 'leave'"),
        ("MAILD_MAILBOX__0__SINCE", "2026-01-31T08:00:00", "a time with its offset"),
        ("MAILD_CLASSIFY__ERROR_BUDGET", "nan", "a number"),
        ("MAILD_CLASSIFY__ERROR_BUDGET", "0", "more than 0"),
        ("MAILD_LIMITS__PARSERS", "2.5", "a whole number"),
        ("MAILD_DESK__OWN_LISTS", '["not a list id"]', "list-id"),
    ],
)
def test_each_value_has_its_bounds(folder: Path, variable: str, value: str, allowed: str) -> None:
    only(problems(folder, **{variable: value}), variable, "is not allowed; allowed:", allowed)


@pytest.mark.parametrize("value", ["true", "1e30", "99999999999999999999", "2.5"])
def test_a_number_is_no_truth_and_can_be_kept(folder: Path, value: str) -> None:
    change(folder, "maild.toml", "# source_bytes = 50000000", f"source_bytes = {value}")
    only(problems(folder), "limits.source_bytes", "a whole number")


def test_since_is_a_date_where_the_desk_is_or_a_time_with_its_offset(folder: Path) -> None:
    berlin = {"MAILD_DESK__TIME_ZONE": "Europe/Berlin"}
    assert read(folder, MAILD_MAILBOX__0__SINCE="2026-07-01", **berlin).mailboxes[0].since == datetime(
        2026, 6, 30, 22, tzinfo=UTC
    )
    assert read(folder, MAILD_MAILBOX__0__SINCE="2026-07-01T00:00:00+03:00").mailboxes[0].since == datetime(
        2026, 6, 30, 21, tzinfo=UTC
    )


def test_a_mailbox_stands_there_once(folder: Path) -> None:
    only(problems(add(folder, "maild.toml", SECOND + 'name = "inbox"\n')), "2 times", "once")


@pytest.mark.parametrize("key", ["processed", "sent"])
def test_no_mail_is_moved_to_where_it_would_be_taken_in_again(folder: Path, key: str) -> None:
    add(folder, "maild.toml", SECOND + 'name = "Bugs"\nafter = "leave"\n')
    only(problems(folder, **{f"MAILD_MAILBOX__0__{key.upper()}": "Bugs"}), f"mailbox[0].{key}", "by mailbox[1]")


def test_mail_is_moved_to_another_mailbox_than_its_own(folder: Path) -> None:
    only(problems(folder, MAILD_MAILBOX__0__PROCESSED="inbox"), "mailbox[0].processed", "another mailbox")


@pytest.mark.parametrize("name", ["INBOX", "Processed"])
def test_where_strangers_mail_lies_nothing_is_sent_by_the_desk(folder: Path, name: str) -> None:
    only(problems(folder, MAILD_MAILBOX__0__SENT=name), "mailbox[0].sent", "sent mail alone")


def test_a_mailbox_of_sent_mail_is_watched_and_only_read(folder: Path) -> None:
    inbox, sent = read_settings(folder, {"MAILD_MAILBOX__0__SENT": "Sent"}).mailboxes
    assert (inbox.is_sent, sent.is_sent) == (False, True)
    assert (sent.name, sent.after, sent.account) == ("Sent", "leave", inbox.account)


@pytest.mark.parametrize(
    ("method", "value"),
    [
        ("authserv_id", ""),
        ("authserv_id", "two words"),
        ("header", "X-Local"),
        ("header", ": yes"),
        ("none", "x"),
        ("magic", ""),
    ],
)
def test_a_trust_method_has_the_value_that_it_needs(folder: Path, method: str, value: str) -> None:
    change(folder, "maild.toml", 'method = "none" ', f'method = "{method}"\n' + (f'value = "{value}"' if value else ""))
    only(problems(folder), "trust.")


def test_a_desk_without_a_lead_is_refused(folder: Path) -> None:
    only(problems(change(folder, "team.toml", 'role = "lead"', 'role = "tsm"')), "team.toml", "lead")


def test_an_address_is_one_persons(folder: Path) -> None:
    only(problems(change(folder, "team.toml", "finance@example.org", "LEAD@example.org")), "lead@example.org", "twice")


def test_a_name_is_one_persons(folder: Path) -> None:
    only(problems(change(folder, "team.toml", 'name = "Sales"', 'name = "lead"')), "'lead'", "twice")


@pytest.mark.parametrize("address", ["support@example.org", "Support+x@example.org", "help@example.org"])
def test_nobody_has_the_desks_own_address(folder: Path, address: str) -> None:
    change(folder, "team.toml", '"lead@example.org"', f'"{address}"')
    found = problems(folder, MAILD_DESK__ALIASES='["help@example.org"]')
    only(found, "person[0].addresses[0]", address, "not the desk's own")


def test_who_is_referred_to_exists(folder: Path) -> None:
    change(folder, "team.toml", 'role = "lead"', 'role = "lead"\nsubstitute = "Ana"\nskills = ["netwrok"]')
    found = problems(folder)
    assert len(found) == 2
    assert any('person[0].substitute = "Ana" is unknown' in line for line in found)
    assert any("did you mean network?" in line for line in found)


def test_other_teams_need_a_front_team(folder: Path) -> None:
    only(
        problems(change(folder, "maild.toml", 'front_team = "Front desk"', "#")),
        "desk.front_team is missing",
        "Finance",
    )


def test_a_category_goes_to_one_team(folder: Path) -> None:
    (folder / "categories" / "billing.toml").write_text((shipped("config") / "categories" / "billing.toml").read_text())
    change(folder, "team.toml", 'takes = ["sales"]', 'takes = ["sales", "billing", "invoice"]')
    change(folder, "team.toml", 'takes = ["billing", "purchase"]', 'takes = ["billing", "purchase", "invoice"]')
    only(problems(folder), "the category billing stands in takes of Finance and of Sales; allowed: one team")


def test_a_category_names_a_person_or_a_team(folder: Path) -> None:
    add(folder, "categories/network.toml", 'responsible = "Finance"\n')
    only(problems(folder), 'categories/network.toml: responsible = "Finance" is unknown', "Lead")


def test_the_matrix_is_complete(folder: Path) -> None:
    only(
        problems(change(folder, "priorities.toml", "[ 2, 3, 4 ]", "[ 2, 3 ]")),
        "matrix.urgency_2[2] is missing; allowed: Priorities of urgency 2 with impact 1, 2 and 3.",
    )


def test_every_priority_of_the_matrix_has_its_section(folder: Path) -> None:
    only(
        problems(change(folder, "priorities.toml", "[ 3, 4, 5 ]", "[ 3, 4, 7 ]")),
        "matrix.urgency_3[2] = 7",
        "1, 2, 3, 4, 5",
    )


@pytest.mark.parametrize("hours", ["17:00-09:00", "9-17", "09:00-24:30", "25:00-26:00", "09:00-09:00"])
def test_hours_that_are_none_are_refused(folder: Path, hours: str) -> None:
    only(
        problems(change(folder, "priorities.toml", 'friday = "09:00-17:00"', f'friday = "{hours}"')),
        "calendar.friday",
        "09:00-17:00",
    )


def test_a_day_may_last_until_midnight(folder: Path) -> None:
    settings = read(change(folder, "priorities.toml", 'friday = "09:00-17:00"', 'friday = "00:00-24:00"'))
    assert settings.priorities.calendar.hours[4] == (time.min, time.max)


def test_a_calendar_that_is_never_open_is_refused(folder: Path) -> None:
    path = folder / "priorities.toml"
    path.write_text(path.read_text("utf-8").replace('day = "09:00', '# day = "09:00').replace("\nmon#", "\n#"), "utf-8")
    text = "\n".join(line for line in path.read_text("utf-8").splitlines() if '"09:00-17:00"' not in line)
    path.write_text(text, "utf-8")
    only(problems(folder), "calendar", "at least one weekday")


def test_an_unknown_event_or_role_or_template_is_refused(folder: Path) -> None:
    change(folder, "process.toml", "client_replied = { tsm = ", "client_replyed = { tsm = ")
    change(folder, "process.toml", "update_overdue = { lead = ", "update_overdue = { leed = ")
    change(
        folder,
        "process.toml",
        'bounce_came = { lead = "delivery_failed" }',
        'bounce_came = { lead = "delivery_faild" }',
    )
    found = problems(folder)
    assert len(found) == 3
    for part in ("did you mean client_replied?", "did you mean lead?", "did you mean delivery_failed?"):
        assert any(part in line for line in found), part


def test_an_internal_template_never_goes_to_a_client(folder: Path) -> None:
    change(folder, "process.toml", 'handed_off = { client = "handed_off_notice"', 'handed_off = { client = "hand_off"')
    only(problems(folder), 'told.handed_off.client = "hand_off" is unknown', "handed_off_notice")


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b"[desk",
        b"\xef\xbb\xbf[desk",
        b"desk = 5\n",
        b"x = " + b"[" * 5000,
        b"",
        b"[[desk]]\n",
        b"mailbox = 3\n[desk]\n",
    ],
)
def test_a_broken_file_is_a_problem_and_no_crash(folder: Path, content: bytes) -> None:
    (folder / "maild.toml").write_bytes(content)
    found = problems(folder)
    assert found
    assert all("maild.toml" in line for line in found)


def test_the_mark_of_windows_editors_is_no_part_of_a_file(folder: Path) -> None:
    for path in [*folder.rglob("*.toml")]:
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert not problems(folder)


def test_a_missing_file_says_how_to_write_it(folder: Path) -> None:
    (folder / "team.toml").unlink()
    only(problems(folder), str(folder / "team.toml"), "maild init")


def test_a_missing_folder_says_how_to_write_it(tmp_path: Path) -> None:
    only(problems(tmp_path / "nowhere"), "does not exist", "maild init")


def test_the_file_name_of_a_category_is_a_name(folder: Path) -> None:
    (folder / "categories" / "My Category.toml").write_text(
        (folder / "categories/network.toml").read_text("utf-8"), "utf-8"
    )
    only(problems(folder), "My Category.toml", "lower-case")


@pytest.mark.parametrize("name", ["vpn.TOML", "vpn.toml.txt", "vpn.txt"])
def test_what_was_meant_for_a_category_is_never_passed_over_in_silence(folder: Path, name: str) -> None:
    (folder / "categories" / name).write_text((folder / "categories/network.toml").read_text("utf-8"), "utf-8")
    only(problems(folder), name, "is not read", "NAME.toml")


def test_a_folder_that_may_not_be_read_is_not_said_to_be_empty_or_missing() -> None:
    with a_public_folder() as public:
        folder = a_folder(public / "config")
        (folder / "categories").chmod(0)
        with unprivileged():
            found = problems(folder)
        only(found, f"{folder / 'categories'}: cannot be read: Permission denied")
        public.chmod(0)
        with unprivileged():
            found = problems(folder)
        public.chmod(0o755)
        only(found, f"the configuration folder {folder} cannot be read: Permission denied")


def test_copies_that_editors_leave_beside_a_category_are_no_mistakes(folder: Path) -> None:
    for name in ("network.toml~", ".network.toml.swp", "network.toml.bak", "README.md", "readme.txt"):
        (folder / "categories" / name).write_text("old", "utf-8")
    assert problems(folder) == []


def test_templates_of_the_folder_are_found(folder: Path) -> None:
    assert read(folder).templates is None
    (folder / "templates").mkdir()
    assert read(folder).templates == folder / "templates"


def test_no_secret_is_needed_to_read_settings(folder: Path) -> None:
    assert not (folder / "secrets").exists()
    assert read_settings(folder, {}).limits.seconds == timedelta(seconds=10).total_seconds()


def test_a_secret_is_read_without_the_end_of_its_line(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_bytes(b" p\xc3\xa4ss \n")
    assert read_secret(Secret(key="k", file=path), {}) == " päss "
    path.write_bytes(b"pass\r\n")
    assert read_secret(Secret(key="k", file=path), {}) == "pass"
    path.write_bytes(b"\xef\xbb\xbfpass\r\n")
    assert read_secret(Secret(key="k", file=path), {}) == "pass"
    assert read_secret(Secret(key="k", variable="V"), {"V": "pass"}) == "pass"


def test_a_secret_that_is_not_there_names_key_and_place_and_never_itself(tmp_path: Path) -> None:
    path = tmp_path / "password"
    with pytest.raises(ConfigurationError, match=f"mailbox.*{path} does not exist"):
        read_secret(Secret(key="mailbox[0].password_file", file=path), {})
    path.write_text("\n")
    with pytest.raises(ConfigurationError, match="is empty; write the password into it"):
        read_secret(Secret(key="k", file=path), {})
    path.write_text("hunter2\nmore\n")
    with pytest.raises(ConfigurationError, match="more than one line") as refused:
        read_secret(Secret(key="k", file=path), {})
    assert "hunter2" not in str(refused.value)
    with pytest.raises(ConfigurationError, match="the environment variable NO_SUCH is empty"):
        read_secret(Secret(key="k", variable="NO_SUCH"), {})


def test_information_that_nobody_looks_for_cannot_be_required(folder: Path) -> None:
    add(folder, "categories/network.toml", 'required = ["device", "eror message"]\n')
    only(problems(folder), "network.toml", "required[1]", "did you mean error message?", "since when")


@pytest.mark.parametrize("written", ['"2026-02-30"', '"2026-08-14..2026-08-01"', '"2026-08-01.."', '"August"', "8"])
def test_days_off_are_days_of_the_calendar(folder: Path, written: str) -> None:
    found = problems(change(folder, "team.toml", 'role = "lead"\n', f'role = "lead"\naway = [{written}]\n'))
    only(found, "person[0].away[0]", "a day such as 2026-08-01", "the earlier one first")


def test_a_day_off_may_be_written_as_toml_writes_days(folder: Path) -> None:
    change(folder, "team.toml", 'role = "lead"\n', 'role = "lead"\naway = [2026-08-01, "2026-08-03..2026-08-04"]\n')
    assert read(folder).team.people[0].away == ("2026-08-01", "2026-08-03..2026-08-04")


@pytest.mark.parametrize(
    ("keys", "named"), [('country = "de"', "calendar.country"), ('subdivision = "BY"', "calendar.subdivision")]
)
def test_a_country_that_nobody_knows_is_named_with_its_key(folder: Path, keys: str, named: str) -> None:
    only(problems(change(folder, "priorities.toml", "[calendar]\n", f"[calendar]\n{keys}\n")), named, "allowed:")


@pytest.mark.parametrize("lease", ["4s", "2h", "soon"])
def test_a_lease_that_kills_or_keeps_a_mailbox_is_refused(folder: Path, lease: str) -> None:
    change(folder, "maild.toml", '# lease = "60s"', f'lease = "{lease}"')
    only(problems(folder), "lease", "a duration")


def test_a_desk_names_its_own_freemail_domains(folder: Path) -> None:
    change(folder, "process.toml", "in_total = 600\n", 'in_total = 600\nfreemail = ["Mail.Example"]\n')
    assert read(folder).policy.limits.freemail == ("mail.example",)
    change(folder, "process.toml", '"Mail.Example"', '"@mail.example"')
    (problem,) = problems(folder)
    assert "limits.freemail[0]" in problem
    assert "without @" in problem
