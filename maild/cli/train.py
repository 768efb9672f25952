"""`maild train`: labelled texts in, the models of technical and category out."""

import argparse
from pathlib import Path

HELP = "train the models of technical and category from labelled texts"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the texts are, where the models go."""
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="the collections of labelled texts")
    parser.add_argument("--out", type=Path, default=Path("models"), metavar="FOLDER", help="default: models/")
    parser.add_argument("--seed", type=int, default=1, help="same seed and data, same model (default: 1)")


def run(arguments: argparse.Namespace) -> int:
    """Train both models, telling what is done while it is done."""
    from rich.console import Console

    from maild.classify.training.corpora import read_corpora
    from maild.classify.training.line import train
    from maild.errors import Refused

    console = Console(stderr=True)
    try:
        arguments.out.mkdir(parents=True, exist_ok=True)
        with console.status("reading the collections"):
            examples = read_corpora(arguments.data)
        for question in ("technical", "category"):
            train(examples, question, arguments.out, seed=arguments.seed, tell=console.log)
    except (Refused, OSError) as error:
        console.print(f"maild train: {error}", style="red")
        return 1
    console.print(f"Written to {arguments.out}: technical and category, each with its card.")
    return 0
