"""Commands about what a ticket teaches: its case study, another one that says the same, or nothing at all."""

from maild.process.plan import Request, Step
from maild.process.post_mortem.reading import read_answer
from maild.process.ticket import Event


def article(_: str, request: Request) -> Step | str:
    """`/article`: the words become the ticket's case study, or a part of it; they stay in the house."""
    if not request.words:
        return "the text becomes the ticket's article, and there is no text"
    return Step(event=Event.ARTICLE_WRITTEN, because="/article", says=True)


def nothing(_: str, __: Request) -> Step | str:
    """`/nothing`: the ticket teaches nothing that is worth an article."""
    return Step(event=Event.POST_MORTEM_DECLINED, because="/nothing")


def same(argument: str, request: Request) -> Step | str:
    """`/same ARTICLE`: the ticket is one more case of an article that is there."""
    return _about(Event.ARTICLE_KNOWN, "/same", argument, request)


def related(argument: str, request: Request) -> Step | str:
    """`/related ARTICLE`: the ticket's case study and that article name each other."""
    return _about(Event.ARTICLE_RELATED, "/related", argument, request)


def form_step(text: str, name: str) -> Step:
    """What the answer to a post-mortem form does."""
    if read_answer(text, "").is_nothing:
        return Step(event=Event.POST_MORTEM_DECLINED, because=f"{name}: nothing to learn", says=True)
    return Step(event=Event.POST_MORTEM_ANSWERED, because=f"{name} answered the form", says=True)


def _about(event: Event, command: str, name: str, request: Request) -> Step | str:
    if name not in request.articles:
        return f"there is no article {name}; `maild articles` lists them"
    return Step(event=event, because=f"{command} {name}", article=name)
