"""docs/pair.svg: the life of a pair as one picture, drawn from the table of its stages."""

from html import escape

from domain.pair.edges import STAGE_EDGES
from schemas.stages import Stage

WIDTH, HEIGHT, BOX_W, BOX_H, TOP, LEFT, GAP = 1180, 350, 168, 84, 96, 30, 70
MEANING = {
    Stage.TRAINING: ("volunteer, modules,", "rehearsal, sign-off"),
    Stage.MATCHING: ("exact assignment,", "reviewed, both agree"),
    Stage.SESSIONS: ("find a time, invite,", "held, pulse, check-in"),
    Stage.FEEDBACK: ("last pulse,", "the mentor recognised"),
    Stage.CLOSED: ("one outcome,", "invites withdrawn"),
}
STYLE = (
    "text{font-family:system-ui,'DejaVu Sans',sans-serif;fill:#1d2b3a}.t{font-size:17px;font-weight:600}"
    ".s{font-size:12.5px;fill:#46586b}.e{font-size:12px;fill:#0b6e5f}.b{fill:#eef5f3;stroke:#0b6e5f;stroke-width:1.5}"
    ".c{fill:#f3f0ea;stroke:#8a6d3b;stroke-width:1.5}.l{fill:none;stroke:#5b7083;stroke-width:1.4}"
)


def pair_svg() -> str:
    stages = list(Stage)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-label="The life of a pair, stage by stage">',
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="10" fill="#ffffff"/>',
        '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="#5b7083"/></marker></defs>',
        f'<text class="t" x="{LEFT}" y="44">The life of a pair</text>',
        f'<text class="s" x="{LEFT}" y="66">Any stage may be paused; nothing is lost by it.</text>',
    ]
    lanes = iter(range(1, 20))
    ways = [
        (stages.index(a), stages.index(b), why) for (a, b), why in STAGE_EDGES.items()
    ]
    for i, j, why in sorted(ways, key=lambda way: way[1] > way[0]):
        parts += _next_door(i, why) if j == i + 1 else _detour(i, j, next(lanes), why)
    parts += [part for i, stage in enumerate(stages) for part in _box(i, stage)]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _x(i: int) -> int:
    return LEFT + i * (BOX_W + GAP)


def _box(i: int, stage: Stage) -> list[str]:
    kind = "c" if stage is Stage.CLOSED else "b"
    middle = _x(i) + BOX_W // 2
    text = f'text-anchor="middle" x="{middle}"'
    return [
        f'<rect class="{kind}" x="{_x(i)}" y="{TOP}" width="{BOX_W}" height="{BOX_H}" rx="10"/>',
        f'<text class="t" {text} y="{TOP + 30}">{stage.value}</text>',
        *(
            f'<text class="s" {text} y="{TOP + 52 + 17 * n}">{escape(line)}</text>'
            for n, line in enumerate(MEANING[stage])
        ),
    ]


def _next_door(i: int, why: str) -> list[str]:
    x, y = _x(i) + BOX_W, TOP + BOX_H // 2
    label = f'<title>{escape(why)}</title><path class="l" marker-end="url(#a)" d="M{x + 2} {y}H{x + GAP - 4}"/>'
    return [f"<g>{label}</g>"]


def _detour(i: int, j: int, lane: int, why: str) -> list[str]:
    bottom = TOP + BOX_H
    y = bottom + 26 + 32 * (lane - 1)
    a, b = _x(i) + 40 + 12 * lane, _x(j) + 30 + 22 * lane
    if j < i:
        a, b = _x(i) + 20, _x(j) + BOX_W - 24
    path = f'<path class="l" marker-end="url(#a)" d="M{a} {bottom + 2}V{y}H{b}V{bottom + 6}"/>'
    anchor = min(a, b) + 8
    return [path, f'<text class="e" x="{anchor}" y="{y - 6}">{escape(why)}</text>']
