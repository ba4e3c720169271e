"""A large workspace out of templates and word lists of our own: 150 intents of 100 examples, 1,000 articles.

The same on every machine. It is for timing: its lines vary as lines of people do in length and words, not in wit.
"""

from __future__ import annotations

import random
from typing import Iterator

import words
from misspelling import misspell
from workspace import NONE, Article, Content, Labels, Question

EXAMPLES = 100
ARTICLES = 1_000

OBJECTS = {
    "payout": ("payout", "payment", "monthly transfer", "commission"),
    "contract": ("contract", "agreement", "signed paper", "network contract"),
    "account": ("account", "profile", "creator login", "channel account"),
    "stream": ("stream", "broadcast", "live hour", "show"),
    "campaign": ("campaign", "brand deal", "promotion", "sponsored challenge"),
    "gift": ("gift", "virtual present", "fan donation", "sticker gift"),
    "badge": ("badge", "rank medal", "level badge", "profile medal"),
    "warning": ("warning", "violation notice", "strike", "policy mark"),
    "training": ("training", "workshop", "onboarding course", "coaching lesson"),
    "roster": ("roster", "creator list", "talent overview", "member table"),
    "invoice": ("invoice", "bill", "tax document", "monthly receipt"),
    "camera": ("camera", "lighting kit", "microphone set", "studio device"),
    "schedule": ("schedule", "weekly plan", "streaming calendar", "time table"),
    "moderator": ("moderator", "chat aide", "room assistant", "comment guard"),
    "transfer": ("agency change", "move to another agency", "switch of network", "release from the agency"),
}
MATTERS = {
    "when": ("when does the {o} start", "what day is the {o} due", "on which date will the {o} come",
             "how soon can we expect the {o}", "is there a fixed day for the {o}", "tell me the date of the {o}"),
    "where": ("where do I find the {o}", "which page shows the {o}", "under what menu is the {o}",
              "I cannot see where the {o} is kept", "point me to the {o}", "in which tab is the {o} now"),
    "change": ("how do I change the {o}", "I need to edit the {o}", "can the {o} be corrected later",
               "what must I do to update the {o}", "the {o} has a mistake, how is it fixed", "let me adjust the {o}"),
    "cancel": ("how can I cancel the {o}", "we want to stop the {o}", "please call off the {o}",
               "is it possible to end the {o} early", "what happens if I withdraw from the {o}", "take the {o} back"),
    "missing": ("the {o} never arrived", "the {o} has disappeared", "we are still waiting for the {o}",
                "nothing came of the {o} so far", "the {o} is gone since yesterday", "somebody lost our {o}"),
    "cost": ("what does the {o} cost", "is there a fee for the {o}", "how much is taken for the {o}",
             "do we pay anything for the {o}", "who carries the charges of the {o}", "price of the {o}"),
    "access": ("who can see the {o}", "may my assistant open the {o}", "is the {o} visible to others",
               "which people have a right to the {o}", "can I hide the {o} from the team", "share the {o} with a partner"),
    "refused": ("why was the {o} refused", "the {o} got rejected without a reason", "they turned down the {o}",
                "for what cause is the {o} denied", "the {o} was not accepted", "what is wrong with our {o}"),
    "duration": ("how long does the {o} take", "how many days are needed for the {o}", "is the {o} a matter of weeks",
                 "the {o} runs already too long", "what is the usual time of the {o}", "until when lasts the {o}"),
    "papers": ("which documents are needed for the {o}", "what proof do you want for the {o}",
               "do I upload an id for the {o}", "which form belongs to the {o}", "send me the list of papers for the {o}",
               "what must be attached to the {o}"),
}
OPENERS = ("", "hello, ", "hi team, ", "quick question: ", "good morning, ", "sorry to ask again, ", "one more thing, ",
           "for one of my creators: ", "urgent, ", "dear support, ", "as an agency owner I ask, ")
CLOSERS = ("", "?", " please", " thanks", ", she asked me today", " because the month is nearly over",
           ", it worked last year", " for our new talent", ", nobody could tell us", " in the app", " on the website")
CONTEXTS = ("for new creators", "for agencies", "in the first month", "on mobile phones", "after a pause", "for groups",
            "at the end of the year")
SENTENCES = (
    "The {o} is handled by the {team} and shown under **{page}** as soon as it has been checked.",
    "Most cases of the {o} are settled within {n} working days; during holidays it may take {m} days longer.",
    "Open **{page}**, choose the entry and confirm with the code that is sent to the owner of the agency.",
    "If the state says *on hold*, the {team} needs one more detail and writes to the contact of the agency.",
    "A change after the {n}th of a month counts from the month that follows it.",
    "Creators see the {o} only in part; figures of other creators are never shown to them.",
    "There is no charge, except where a bank or a third party takes one of its own.",
    "Whoever asks again before {n} days have passed is put back to the same place in the queue.",
    "Keep the notice for {m} months, since the {team} may ask for it in a review.",
    "Two people of the agency can be named for this; both need a role with the right to sign.",
)
REMARKS = (
    "Where a {w} or a {a} {x} is part of it, say so in the first line and add a picture of the {w}.",
    "The programme {y} has rules of its own: there the {w} counts twice and the {x} not at all.",
    "An example: the {a} {w} of {y} was entered on the {n}th and settled {m} days later, together with the {x}.",
    "Do not mix this up with the {x}, which has nothing to do with the {w} and is dealt with by {y}.",
    "In the {a} season the {team} looks at every {w} by hand, so that no {x} is passed over.",
)
TEAMS = ("finance desk", "partner team", "safety team", "creator care", "legal desk", "technical desk")
PAGES = ("Account > Overview", "Finance > History", "Team > Roles", "Creators > Details", "Tools > Requests")
STRANGE = ("what is the capital of portugal", "write a poem about the sea", "which film won the prize last night",
           "how do I cook rice without a pot", "is it going to snow in the mountains", "translate good evening into greek",
           "who scored in the second half", "recommend a book about gardens")


def labels() -> list[str]:
    """The 150 labels, in order."""
    return [f"{thing} {matter}" for thing in OBJECTS for matter in MATTERS]


def _variants(label: str, source: random.Random) -> Iterator[str]:
    """Endless ways to ask for a label, all different."""
    thing, matter = label.split(" ")
    own = source.sample(words.NOUNS, 8)
    seen: set[str] = set()
    while True:
        core = source.choice(MATTERS[matter]).format(o=source.choice(OBJECTS[thing]))
        text = core + words.detail(source, own)
        # Most people come to the point.
        if source.random() < 0.35:
            text = source.choice(OPENERS) + text
        if source.random() < 0.35:
            text += source.choice(CLOSERS)
        if text not in seen:
            seen.add(text)
            yield text


def content_and_questions(messages: int, certain: int) -> tuple[Content, Labels, list[Question], list[Question]]:
    """The workspace; messages as people write them, one in ten about nothing of it, one word in twenty misspelt; and
    messages that a pattern decides."""
    source = random.Random(150)
    content = Content(bound=0.05)
    asked: dict[str, list[str]] = {}
    each = -(-messages // len(labels()))
    for number, label in enumerate(labels()):
        variants = _variants(label, source)
        lines = [next(variants) for _ in range(EXAMPLES + each)]
        content.intents[label], asked[label] = lines[:EXAMPLES], lines[EXAMPLES:]
        content.patterns[label] = [rf"\breport code {number + 1000}\b"]
    content.articles = list(_articles(source))
    names = Labels(content.intents)
    texts: list[tuple[str, str]] = [
        (asked[label][turn], names.expect(label)) for turn in range(each) for label in content.intents]
    texts = texts[:messages]
    for place in range(0, len(texts), 10):
        texts[place] = (f"{source.choice(OPENERS)}{source.choice(STRANGE)}{source.choice(CLOSERS)}", NONE)
    slipped = misspell([text for text, _ in texts], share=0.05, seed=21)
    questions = [Question(text, expect, "message") for text, (_, expect) in zip(slipped, texts)]
    rules = [
        Question(f"{source.choice(OPENERS)}this is about report code {1000 + place % len(names.ids)}"
                 f"{source.choice(CLOSERS)}", names.expect(labels()[place % len(names.ids)]), "rule")
        for place in range(certain)
    ]
    return content, names, questions, rules


def _articles(source: random.Random) -> Iterator[Article]:
    """1,000 articles: an object, a matter and a circumstance each."""
    all_of_them = [(label, context) for context in CONTEXTS for label in labels()]
    for label, context in all_of_them[:ARTICLES]:
        thing, matter = label.split(" ")
        name = source.choice(OBJECTS[thing])
        own = source.sample(words.NOUNS, 6)
        questions = tuple(
            f"{template.format(o=source.choice(OBJECTS[thing]))}{words.detail(source, own)} {context}"
            for template in source.sample(MATTERS[matter], 3))
        paragraphs = [
            " ".join(
                sentence.format(
                    o=source.choice(OBJECTS[thing]), team=source.choice(TEAMS), page=source.choice(PAGES),
                    n=source.randint(2, 28), m=source.randint(2, 9), a=source.choice(words.ADJECTIVES),
                    w=source.choice(own), x=source.choice(words.NOUNS), y=words.name(source))
                for sentence in source.sample(SENTENCES + REMARKS, 3))
            for _ in range(3)
        ]
        slug = context.replace(" ", "-")
        yield Article(f"{thing}/{matter}-{slug}", f"{name.capitalize()}: {matter} {context}", "\n\n".join(paragraphs),
                      questions)


def many_articles(count: int, asked: int) -> tuple[Content, list[Question]]:
    """A knowledge base of so many articles and one intent, and messages that each name what one article is about: its
    matter in other words, and the place or programme that it is for."""
    source = random.Random(count)
    content = Content(bound=0.05)
    content.intents["good day"] = ["good day to you", "a very good day"]
    topics = labels()
    questions: list[Question] = []
    every = max(1, count // asked)
    for number in range(count):
        label, programme = source.choice(topics), words.name(source)
        thing, matter = label.split(" ")
        own = f"{source.choice(words.ADJECTIVES)} {source.choice(words.NOUNS)}"
        sentences = source.sample(SENTENCES, 3) + ["In the {y} programme this goes for every " + own + " as well."]
        body = " ".join(
            sentence.format(
                o=source.choice(OBJECTS[thing]), team=source.choice(TEAMS), page=source.choice(PAGES),
                n=source.randint(2, 28), m=source.randint(2, 9), y=programme)
            for sentence in sentences)
        title = f"{OBJECTS[thing][0].capitalize()} of the {own}: {matter} ({programme})"
        content.articles.append(Article(f"d{number // 500}/a{number}", title, body))
        if number % every == 0 and len(questions) < asked:
            text = source.choice(MATTERS[matter]).format(o=source.choice(OBJECTS[thing]))
            questions.append(Question(f"{text} of the {own} at {programme}", f"article:d{number // 500}/a{number}", "message"))
    return content, questions
