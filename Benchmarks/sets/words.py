"""Words of our own for the generated workspace."""

from __future__ import annotations

import random

NOUNS = """
agency answer apartment archive artist audience award backdrop bakery balcony banner basket battery beach bicycle birthday
blanket booking border bottle bracelet branch breakfast bridge brother budget button cabin cable calendar candle canvas
career carpet castle ceiling cellar chair chapter charger charity chef choir cinema circle clinic clock closet cloud coach
coast coffee collar colleague comedy compass concert cookie corner costume cottage cousin cover cradle curtain cushion
dancer daughter deadline desert designer dessert diary dinner district doctor dragon drawer dress drummer editor elevator
engine entrance envelope episode evening exercise factory family farmer fashion father feather festival fiction filter
flight flower folder forest fountain friend garage garden glasses glove guitar habit hallway hammer harbour harvest headset
helmet hobby holiday honey horizon hospital hotel island jacket journey juice jungle kettle keyboard kitchen ladder lagoon
lamp language laptop laundry lawyer leather lemon lesson letter library lizard luggage lunch magazine manager market mask
meadow melody memory menu message mirror mission monkey morning mother motor mountain museum musician mystery necklace
neighbour nephew network notebook novel ocean office orchard orchestra oven package painter palace paper parade parcel
parent partner passport pencil perfume phone photo piano picnic picture pillow pilot pirate planet plaster platform player
pocket poem poster pottery present printer prize project puzzle rabbit radio railway recipe record reporter restaurant
rhythm river rocket saddle salad sandwich scarf school season secret shelter shoulder signal singer sister sketch
sleeve soccer soldier speaker spider sponsor spring stadium station storm story stranger student suburb subway summer
sunset surgeon sweater switch tablet tailor teacher temple tennis theatre ticket tiger tourist tower tractor trailer
treasure trophy trumpet tunnel turtle umbrella uncle uniform vacation valley vehicle video village violin visitor volcano
wallet warehouse waterfall wedding weekend window winter workshop writer yacht zebra
""".split()

ADJECTIVES = """
amber ancient angry anxious awkward blue bold brave bright broken busy calm careful cheap clean clever cold colourful costly
crowded curious damp dark dusty eager early easy empty famous fancy final flat fragile fresh friendly funny gentle giant
golden grand green grey handy happy heavy hidden hollow honest huge hungry icy jolly large late lazy light local lonely long
loud lucky main messy mild modern narrow neat new noisy old orange pale patient pink plain polite proud purple quick quiet
rare red rough round rusty sad second separate sharp shiny short shy silent silver simple small smooth soft sour spare steep
strange strong sudden sweet tall thick thin third tidy tiny tired warm weekly wet white wide wild wooden yellow young
""".split()

SYLLABLES = "ba be bi bo da de di do fa fe ka ki ko la le li lo lu ma me mi mo na ne ni no pa pe ra re ri ro sa se si so ta te \
ti to va ve vi vo ya yo za ze".split()
ENDINGS = ("n", "s", "r", "x", "l", "", "", "th")


def name(source: random.Random) -> str:
    """An invented name of a creator, an app or a campaign, such as `mivalor`: rare words, as real messages have them."""
    return "".join(source.choice(SYLLABLES) for _ in range(source.randint(2, 4))) + source.choice(ENDINGS)


def detail(source: random.Random, nouns: list[str]) -> str:
    """A phrase that says more without changing what is asked."""
    noun = source.choice(nouns if source.random() < 0.5 else NOUNS)
    return source.choice((
        f" for {name(source)}", f" of the {source.choice(ADJECTIVES)} {noun}", f" with the {noun}", f" after the {noun}",
        f" before the {source.choice(ADJECTIVES)} {noun}", f" on {name(source)}", f" from {source.randint(2, 30)} days ago",
        f" next to the {noun} and the {source.choice(NOUNS)}", "", "",
    ))
