"""registry/directory/access/officers.py and accounts.py"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from registry.directory.access import accounts, callers, officers, one_time_codes, passwords
from registry.directory.access.callers import OPERATOR, Caller
from registry.directory.access.errors import (
    LastAdministrator,
    LoginUnfit,
    NotAuthenticated,
    NotByOneself,
    NotPermitted,
    PasswordUnfit,
    RegisterNotEmpty,
    SignInLocked,
    SignInRefused,
)
from registry.directory.access.officers import Person
from registry.directory.access.scopes import Kind, Role, Scope, of_roles
from registry.store.database import Database
from registry.store.errors import AlreadyExists, NotFound

OFFICE, OTHER_OFFICE = "11990000MB0000001X", "11990000MB0000002X"
GOOD = "示例口令示例口令甲乙"


def as_caller(officer):
    """The officer as a caller with all rights of its roles."""
    rights = of_roles(Role(name) for name in officer.roles.split())
    return Caller(Kind.OFFICER, officer.id, officer.authority, rights)


def person(login="li.si", authority=OFFICE, roles=(Role.CASEWORKER,)):
    return Person(login, "示例人员", authority, frozenset(roles))


class TestRegister:
    """officers.register()"""

    @pytest.mark.usefixtures("real_passwords")
    def test_password_is_shown_once_and_kept_as_a_hash(self, world):
        """What the register keeps opens nothing: an argon2id hash, a sealed seed."""
        made, _ = world.officer()

        assert made.officer.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert passwords.matches(made.password, made.officer.password_hash)
        assert made.password not in repr(made)
        assert made.seed not in repr(made)
        assert "otpauth://totp/licence-hub:zhang.san?secret=" in one_time_codes.address(
            made.seed, login="zhang.san", product="licence-hub"
        )

    @pytest.mark.parametrize("login", ["", "a", "张三", "a b", "a@b", "-ab", "x" * 64, "a\x00b"])
    def test_unfit_login_is_refused(self, world, login):
        """Logins are plain letters, so that two can never look alike."""
        with pytest.raises(LoginUnfit):
            officers.register(world.db, world.keyring, person(login), by=OPERATOR, at=world.at)

    def test_login_is_taken_once_whatever_its_case(self, world):
        """Li.Si is li.si."""
        world.officer(login="li.si")

        with pytest.raises(AlreadyExists):
            officers.register(world.db, world.keyring, person("Li.Si"), by=OPERATOR, at=world.at)

    def test_unknown_authority_is_not_found(self, world):
        """Nobody works for a body that is not registered."""
        with pytest.raises(NotFound):
            officers.register(world.db, world.keyring, person(authority="X" * 18), by=OPERATOR, at=world.at)

    def test_administrator_stays_in_its_own_authority(self, world):
        """Elsewhere it finds nothing, lists nothing and registers nobody."""
        made, _ = world.officer(roles=(Role.ADMINISTRATOR,))
        other, _ = world.officer(login="other", authority=OTHER_OFFICE)
        by = as_caller(made.officer)

        for act in (
            lambda: officers.register(world.db, world.keyring, person(authority=OTHER_OFFICE), by=by, at=world.at),
            lambda: officers.find(world.db, other.officer.id, by=by),
            lambda: officers.find(world.db, "off_\x00", by=by),
            lambda: accounts.disable(world.db, other.officer.id, by=by, at=world.at),
            lambda: accounts.reset(world.db, world.keyring, other.officer.id, by=by, at=world.at),
        ):
            with pytest.raises(NotFound):
                act()
        assert [row.id for row in officers.listing(world.db, by=by)] == [made.officer.id]
        assert len(officers.listing(world.db, by=OPERATOR, after="\x00")) == 2

    def test_hub_administration_is_given_only_by_those_who_have_it(self, world):
        """An authority's administrator cannot make a hub administrator, nor take one over."""
        made, _ = world.officer(roles=(Role.ADMINISTRATOR,))
        chief, _ = world.officer(login="chief", roles=(Role.HUB_ADMINISTRATOR,))
        by = as_caller(made.officer)

        for act in (
            lambda: officers.register(
                world.db, world.keyring, person(roles=(Role.HUB_ADMINISTRATOR,)), by=by, at=world.at
            ),
            lambda: accounts.reset(world.db, world.keyring, chief.officer.id, by=by, at=world.at),
            lambda: accounts.change_roles(world.db, chief.officer.id, roles=(), by=by, at=world.at),
        ):
            with pytest.raises(NotPermitted):
                act()

    def test_without_the_scope_one_sees_only_oneself(self, world):
        """An officer reads the own account and no other."""
        made, _ = world.officer()
        other, _ = world.officer(login="other")
        by = as_caller(made.officer)

        assert officers.find(world.db, made.officer.id, by=by).login == "zhang.san"
        with pytest.raises(NotPermitted):
            officers.find(world.db, other.officer.id, by=by)
        with pytest.raises(NotPermitted):
            officers.listing(world.db, by=by)


class TestRegisterFirst:
    """officers.register_first()"""

    def register(self, world, db=None, login="chief"):
        return officers.register_first(
            db or world.db, world.keyring, login=login, name="示例", authority=OFFICE, password=GOOD, at=world.at
        )

    def test_only_on_an_empty_register(self, world):
        """The first administrator is the first; a second is refused."""
        made = self.register(world)

        assert Scope.HUB_ADMIN in as_caller(made.officer).scopes
        with pytest.raises(RegisterNotEmpty):
            self.register(world, login="second")

    def test_two_at_once_make_one(self, world, database_url):
        """Two founders on two workers: one is in, one is refused."""
        other = Database(database_url)

        def found(number):
            try:
                return self.register(world, db=(world.db, other)[number % 2], login=f"chief{number}").officer.login
            except RegisterNotEmpty:
                return None

        with ThreadPoolExecutor(4) as threads:
            made = [login for login in threads.map(found, range(4)) if login]
        other.close()

        assert len(made) == 1
        assert len(officers.listing(world.db, by=OPERATOR)) == 1

    @pytest.mark.parametrize(
        ("password", "reason"),
        [
            ("short", "length"),
            ("x" * 201, "length"),
            ("ababababab", "repeats"),
            ("Password2026!", "guessable"),
            ("my-chief-name", "guessable"),
        ],
    )
    def test_easy_password_is_refused(self, world, password, reason):
        """What is tried first is refused by its reason."""
        with pytest.raises(PasswordUnfit) as refused:
            officers.register_first(
                world.db, world.keyring, login="chief", name="示例", authority=OFFICE, password=password, at=world.at
            )
        assert refused.value.facts["reason"] == reason


class TestAccounts:
    """accounts"""

    def test_role_taken_away_ends_with_the_next_request(self, world):
        """The token lives on without the right."""
        made, codes = world.officer(roles=(Role.CASEWORKER,))
        accounts.change_password(world.db, old=made.password, new=GOOD, by=as_caller(made.officer), at=world.at)
        grant = world.sign_in("zhang.san", GOOD, codes.at(world.at))
        assert Scope.RETRIEVE in callers.authenticate(world.db, grant.token, at=world.at).scopes

        accounts.change_roles(world.db, made.officer.id, roles=(Role.ARCHIVIST,), by=OPERATOR, at=world.at)

        # the token was given for the old role: what the new one adds needs a new sign-in
        assert callers.authenticate(world.db, grant.token, at=world.at).scopes == {Scope.VERIFY}

    def test_disabled_officer_is_out_at_once(self, world):
        """Closing an account ends its tokens; opening it does not bring them back."""
        made, codes = world.officer()
        grant = world.sign_in("zhang.san", made.password, codes.at(world.at))

        accounts.disable(world.db, made.officer.id, by=OPERATOR, at=world.at)
        accounts.enable(world.db, made.officer.id, by=OPERATOR, at=world.at)

        with pytest.raises(NotAuthenticated):
            callers.authenticate(world.db, grant.token, at=world.at)

    def test_nobody_changes_the_own_rights(self, world):
        """Not even an administrator."""
        made, _ = world.officer(roles=(Role.HUB_ADMINISTRATOR,))
        by = as_caller(made.officer)

        for act in (
            lambda: accounts.change_roles(world.db, made.officer.id, roles=tuple(Role), by=by, at=world.at),
            lambda: accounts.disable(world.db, made.officer.id, by=by, at=world.at),
            lambda: accounts.unlock(world.db, made.officer.id, by=by, at=world.at),
        ):
            with pytest.raises(NotByOneself):
                act()

    def test_last_administrator_stays(self, world):
        """Two administrators who remove each other at once: one remains."""
        first, _ = world.officer(login="first", roles=(Role.HUB_ADMINISTRATOR,))
        second, _ = world.officer(login="second", roles=(Role.HUB_ADMINISTRATOR,))
        pair = [(first.officer, second.officer), (second.officer, first.officer)]

        def remove(pair):
            try:
                accounts.disable(world.db, pair[1].id, by=as_caller(pair[0]), at=world.at)
            except LastAdministrator:
                return False
            return True

        with ThreadPoolExecutor(2) as threads:
            removed = list(threads.map(remove, pair))

        assert sorted(removed) == [False, True]

    def test_reset_gives_new_password_and_new_codes(self, world):
        """Whoever lost the telephone gets both anew; the old ones are dead."""
        made, codes = world.officer()

        again = accounts.reset(world.db, world.keyring, made.officer.id, by=OPERATOR, at=world.at)

        assert again.officer.must_change
        assert (again.password == made.password, again.seed == made.seed) == (False, False)
        with pytest.raises(SignInRefused):
            world.sign_in("zhang.san", made.password, codes.at(world.at))

    def test_own_password_needs_the_old_one_five_times(self, world):
        """A thief with a token cannot guess the password through its change."""
        made, _ = world.officer()
        by = as_caller(made.officer)
        for _ in range(5):
            with pytest.raises(SignInRefused):
                accounts.change_password(world.db, old="wrong", new=GOOD, by=by, at=world.at)

        with pytest.raises(SignInLocked):
            accounts.change_password(world.db, old=made.password, new=GOOD, by=by, at=world.at)

    def test_every_act_stands_in_the_ledger_with_its_row(self, world):
        """Who did what to whom, and the digest of the row as it stood afterwards."""
        made, _ = world.officer()
        accounts.change_roles(world.db, made.officer.id, roles=(Role.AUDITOR,), by=OPERATOR, at=world.at)
        accounts.disable(world.db, made.officer.id, by=OPERATOR, at=world.at)

        entries = world.entries()

        assert [(entry.event, entry.facts.get("what")) for entry in entries] == [
            ("officer-registered", None), ("officer-changed", "roles"), ("officer-changed", "disabled"),
        ]  # fmt: skip
        assert [[row.table for row in entry.rows] for entry in entries] == [
            ["officer", "code_seed"], ["officer"], ["officer"],
        ]  # fmt: skip
        assert {entry.subject for entry in entries} == {made.officer.id}
