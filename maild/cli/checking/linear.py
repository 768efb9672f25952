"""Check of the mirror: key, team, states, labels, people, and the webhook's secret."""

from collections.abc import Iterator
from functools import partial

from maild.cli.checking.finding import Finding, Trial, attempt
from maild.daemon.mirror import PATH, open_door
from maild.daemon.running import system_clock
from maild.process.mirroring.policy import Personal
from maild.process.mirroring.projecting import choose, find_gaps
from maild.process.tracker import Catalogue
from maild.settings.secret import read_secret
from maild.settings.values import LinearSettings

CURE = "[linear] in maild.toml: team is the key in front of its issues' numbers; docs/linear.md says how to make an API key"


def check_linear(trial: Trial) -> Iterator[Finding]:
    """Ask Linear what there is, and compare it with what the configuration names."""
    linear = trial.settings.linear
    if linear is None:
        yield Finding(part="linear", ok=True, message="not configured: no ticket is mirrored", cure="")
        return
    found: list[Catalogue] = []
    yield attempt("linear", partial(_ask, linear, trial, found), cure=CURE)
    for catalogue in found:
        yield from _compare(linear, trial, catalogue)
    if linear.webhook_port:
        cure = "write the signing secret that Linear shows with the webhook into that file, or make one: maild mirror webhook"
        yield attempt("linear webhook", partial(_webhook, linear, trial), cure=cure)


def _ask(linear: LinearSettings, trial: Trial, found: list[Catalogue]) -> str:
    found.append(open_door(linear, trial.environ, system_clock).catalogue())
    as_whom = found[0].viewer.name
    return f"team {found[0].team} ({linear.team}) answers; Linear knows us as {as_whom}"


def _compare(linear: LinearSettings, trial: Trial, catalogue: Catalogue) -> Iterator[Finding]:
    settings, policy = trial.settings, linear.policy
    for gap in find_gaps(policy, catalogue, settings.categories):
        yield Finding(
            part="linear", ok=False, message=gap, cure="[linear] in maild.toml, or the team's settings in Linear"
        )
    zone = settings.priorities.calendar.zone
    chosen = choose(policy, catalogue, settings.team, settings.categories, zone)
    states = ", ".join(f"{status} is {state}" for status, state in chosen.states.items())
    yield Finding(part="linear states", ok=True, message=states, cure="")
    bare = sorted(name for name, each in settings.categories.items() if each.technical and name not in chosen.labels)
    if bare:
        message = f"no label for {', '.join(bare)}: their issues show no category"
        yield Finding(
            part="linear labels",
            ok=True,
            message=message,
            cure="make labels of these names there, or name others in [linear] labels",
        )
    unknown = [person.name for person in settings.team.people if person.name not in chosen.people]
    if unknown:
        message = (
            f"Linear knows nobody with an address of {', '.join(unknown)}: what they do there decides nothing here"
        )
        yield Finding(
            part="linear people", ok=True, message=message, cure="add the address that they have in Linear to team.toml"
        )
    if policy.personal is Personal.NONE:
        message = "neither clients' words nor who they are go to Linear"
        yield Finding(
            part="linear personal data",
            ok=True,
            message=message,
            cure='personal_data = "words" lets their words go, with names and addresses masked',
        )


def _webhook(linear: LinearSettings, trial: Trial) -> str:
    read_secret(linear.webhook_secret, trial.environ)
    return f"its secret is there; webhooks come in at 127.0.0.1:{linear.webhook_port}{PATH} while maild run works"
