"""The scenes of the demo's story, as data: on which day, at which authority, what happens. Names are plainly fictional.

Order: days follow each other; a scene that replaces or moves a certificate means the newest of its type before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time

from hub.demo_people import ESTATE, HOUSING, SHELTER
from verification.statement import Holder

MARKET = "11410800000000043H"
BEGINNING = date(2025, 3, 3)
DEVELOPER = Holder("示例置业有限公司", "legal", "001", "91990100MA0000001G")
RENAMED = replace(DEVELOPER, name="示例城建置业有限公司")
BUYER = Holder("示例乙", "natural", "111", "990101199001010027")
BUYERS_FLAT = "410199001001GB00001F00031202"
PROJECT = "2503-410199-04-01-000001"
FILING, TRANSFER = "11410800000000027U3411017002000", "11410800000000035N3410715004000"
APPROVAL, LETTER, OPINION, PERMIT = (
    "shelter-build-approval",
    "single-building-letter",
    "project-acceptance-opinion",
    "construction-permit",
)


@dataclass(frozen=True, slots=True)
class Scene:
    """A day of the story: a certificate, one in another's place, a move of one, or something that is told only."""

    day: date
    authority: str
    told: tuple[str, str]
    slug: str = ""
    holder: Holder = DEVELOPER
    says: Mapping[str, str] = field(default_factory=dict)
    replaces: str | None = None  # why this one takes the place of the one before
    move: tuple[str, str] | None = None  # move and reason
    number: str | None = None  # where another program has put it on the page already
    asks: tuple[str, str] | None = None  # the matter and the building whose materials a counter looks up

    @property
    def at(self) -> datetime:
        """Ten in the morning."""
        return datetime.combine(self.day, time(2), UTC)


SCENES = (
    Scene(date(2025, 3, 11), MARKET, ("开发企业领取营业执照", "the developer's business licence"), "business-licence"),
    Scene(
        date(2025, 3, 26),
        ESTATE,
        (
            "规划许可：1#、2#楼下为普通地下室，3#、5#楼下为防空地下室",
            "1#, 2# over ordinary basements, 3#, 5# over the shelter",
        ),
        "planning-permit",
    ),
    Scene(
        date(2025, 4, 2),
        SHELTER,
        (
            "报建审批：应建6,240.00平方米，修建5,100.00，易地建设1,140.00",
            "6,240.00 m² of shelter due: 5,100.00 built, 1,140.00 paid",
        ),
        APPROVAL,
    ),
    Scene(
        date(2025, 5, 20),
        HOUSING,
        ("施工许可，施工单位名称有一字之误", "construction permit; a character of the contractor's name is wrong"),
        PERMIT,
        says={"contractor": "示例市样列建设工程有限公司"},
    ),
    Scene(
        date(2025, 6, 12),
        HOUSING,
        ("更正施工单位名称，同一流水号，第二版", "the name is corrected: same serial, second version"),
        PERMIT,
        replaces="correct",
    ),
    Scene(date(2025, 7, 1), SHELTER, ("机构更名，代码不变", "the office is renamed; its code stays")),
    Scene(
        date(2025, 9, 15),
        MARKET,
        ("开发企业更名换照，统一社会信用代码不变", "the developer is renamed under the same code"),
        "business-licence",
        RENAMED,
        says={"former_names": DEVELOPER.name},
    ),
    Scene(
        date(2025, 10, 13),
        HOUSING,
        ("立案调查，暂扣施工许可", "the permit is suspended for an investigation"),
        PERMIT,
        move=("suspend", "investigation"),
    ),
    Scene(date(2025, 11, 10), HOUSING, ("查清，发还", "cleared and restored"), PERMIT, move=("restore", "cleared")),
    Scene(
        date(2025, 12, 1),
        HOUSING,
        ("建设单位更名，变更施工许可，第三版", "the permit is changed to the new name: third version"),
        PERMIT,
        RENAMED,
        replaces="change",
    ),
    Scene(
        date(2026, 2, 9),
        HOUSING,
        (
            "消防验收意见书：局里的办公软件排版，送来加盖电子印章",
            "the fire acceptance: typeset by the office's own word processor, sealed here",
        ),
        "fire-acceptance",
        RENAMED,
        number="示建消验〔2026〕6号",
    ),
    Scene(
        date(2026, 2, 16),
        ESTATE,
        (
            "规划核实意见：在另一平台制作并盖章，按摘要登记",
            "the planning verification: made and sealed on another platform, registered here by its digest",
        ),
        "planning-verification",
        RENAMED,
        number="示规核〔2026〕12号",
    ),
    Scene(date(2026, 3, 2), SHELTER, ("同意1#楼竣工验收备案的函（单体）", "the letter for 1# alone"), LETTER, RENAMED),
    Scene(
        date(2026, 3, 5),
        HOUSING,
        ("窗口办理1#楼竣工验收备案", "the counter takes the completion filing of 1#"),
        asks=(FILING, "1#住宅楼"),
    ),
    Scene(
        date(2026, 3, 6),
        HOUSING,
        ("窗口办理3#楼竣工验收备案", "the counter takes the completion filing of 3#"),
        asks=(FILING, "3#住宅楼"),
    ),
    Scene(date(2026, 3, 20), ESTATE, ("不动产登记", "real-estate title"), "real-estate-title", RENAMED),
    Scene(
        date(2026, 4, 10),
        SHELTER,
        (
            "整体核实：义务已履行（5,100.00＋1,140.00），覆盖四幢，并入1#楼的函",
            "the duty is met (5,100.00 + 1,140.00): all four buildings covered, the letter for 1# consolidated",
        ),
        OPINION,
        RENAMED,
    ),
    Scene(
        date(2026, 4, 15),
        HOUSING,
        ("窗口再办3#楼竣工验收备案", "the counter takes the completion filing of 3# again"),
        asks=(FILING, "3#住宅楼"),
    ),
    Scene(
        date(2026, 4, 28),
        ESTATE,
        ("购房人办理转移登记", "a flat's buyer registers the title"),
        asks=(TRANSFER, "3#住宅楼"),
    ),
    Scene(
        date(2026, 4, 28),
        ESTATE,
        ("购房人当天领取不动产权证书", "the buyer has the title the same day"),
        "real-estate-title",
        BUYER,
        says={"location": "示例市样本区样例路100号示例花园3号楼1单元1202室", "estate_unit": BUYERS_FLAT},
    ),
)
ASKED = (date(2025, 10, 1), date(2025, 10, 20), date(2025, 12, 15))  # how did the second version of the permit stand?
