"""Say for every table how it is protected: guarded by entries, part of the log itself, or open, and then why.

A table that is nowhere here fails the house test before anybody can write to it unseen.
"""

from importlib import import_module
from pkgutil import iter_modules

from sqlalchemy import Table

from registry.store import tables
from registry.store.tables.base import METADATA

LOG = (
    "ledger_entry", "log_pending", "log_place", "log_tile", "log_checkpoint", "log_cosignature",
)  # fmt: skip
OPEN = {
    "access_token": (
        "令牌只活几分钟到几小时，到期即删；发放和注销各有一条账本记录",
        "tokens live minutes to hours and are deleted; each was told to the ledger when given and when revoked",
    ),
    "holder_session": (
        "持证人令牌只活一小时；登录、选择身份和注销各有一条账本记录",
        "holders' tokens live an hour; signing in, choosing a role and ending one are told to the ledger",
    ),
    "spent_assertion": (
        "只防止同一断言重放，过期即删",
        "only keeps an assertion from being used twice, deleted when it has expired",
    ),
    "budget_level": ("只是访问频率的计数", "only counts how often somebody called"),
    "sign_in_tries": ("只是登录失败的计数；锁定另有账本记录", "only counts wrong tries; a lock is told to the ledger"),
    "kept_answer": (
        "重复请求的加密回执，七天后删除；被改动的打不开",
        "sealed answers to repeated requests, deleted after seven days; a changed one does not open",
    ),
    "number_counter": (
        "只是下一个文号；文号本身在证照行里，唯一且受保护",
        "only the next number; the numbers themselves stand in guarded certificates and are unique",
    ),
    "index_secret": (
        "查找持证主体的密钥，加密保存；被改动的打不开",
        "the secret of holders' marks, sealed; a changed one does not open",
    ),
    "kept_status": (
        "外部 CA 的状态答复，由对方签名，随时更新",
        "answers of CAs outside, signed by them and exchanged all the time",
    ),
    "upload": (
        "分段上传的进度，一天即忘；由它制成的材料另有账本记录",
        "how much of a file came, forgotten after a day; the material is told",
    ),
    "upload_piece": (
        "分段上传的加密数据，用完即删；被改动的打不开",
        "sealed pieces of such a file, deleted when used; a changed one does not open",
    ),
    "log_lease": ("只说明现在由哪个进程编号", "only says which worker gives out places now"),
    "log_witnessed": (
        "别人账本的检查点，由对方签名",
        "checkpoints of others' logs, signed by them",
    ),
}


def known() -> list[Table]:
    """Every table, in an order in which none comes before one it points at."""
    for module in iter_modules(tables.__path__):
        import_module(f"{tables.__name__}.{module.name}")
    return list(METADATA.sorted_tables)


def guarded() -> list[Table]:
    """The tables whose rows stand in entries."""
    return [table for table in known() if table.info.get("guarded")]
