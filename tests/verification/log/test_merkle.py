"""The tree of RFC 6962: known roots, and proofs against the definition itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification import entries, merkle, tiles
from verification.errors import TileRefused

ENTRIES = [bytes.fromhex(one) for one in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
LEAVES = [merkle.leaf(number.to_bytes(4)) for number in range(700)]


def defined(leaves):
    """MTH as RFC 6962 §2.1 defines it."""
    if len(leaves) < 2:
        return leaves[0] if leaves else merkle.EMPTY
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return merkle.node(defined(leaves[:half]), defined(leaves[half:]))


def stored(leaves):
    """Every tile of a tree, as a log keeps them."""
    level, found, hashes = 0, {}, list(leaves)
    while hashes:
        for number in range(0, len(hashes), 256):
            found[level, number // 256] = b"".join(hashes[number : number + 256])
        full = len(hashes) // 256
        hashes = [merkle.whole(hashes[256 * n : 256 * n + 256]) for n in range(full)]
        level += 1
    return found


TILES = stored(LEAVES)


def tree(size):
    return tiles.Tree(lambda level, number, width: TILES[level, number][: 32 * width], size)


class TestBeside:
    """tiles.beside()"""

    @given(st.integers(1, 1 << 26).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))))
    def test_names_every_tile_that_a_proof_needs(self, asked):
        """So that they can be read at once; never more than two a level."""
        size, place = asked
        read = set()
        tiles.Tree(lambda *tile: read.add(tile[:2]) or bytes(32 * tile[2]), size).inclusion(place)

        assert read <= tiles.beside(size, place)
        assert len(tiles.beside(size, place)) <= 8


class TestRoot:
    """merkle.root()"""

    @pytest.mark.parametrize("size", range(1, 9))
    def test_roots_that_every_implementation_has(self, size):
        """The eight trees that the log programs of the world are tested with."""
        assert merkle.root(map(merkle.leaf, ENTRIES[:size])).hex() == ROOTS[size - 1]

    def test_empty_tree(self):
        """The root over nothing is the hash of nothing."""
        assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    def test_a_leaf_is_hashed_as_the_ledger_names_it(self):
        """An entry's reference is its place in the tree."""
        assert merkle.leaf(bytes(32)) == entries.leaf_hash(bytes(32))

    @given(st.integers(0, 700))
    def test_tiles_give_the_defined_root(self, size):
        """Whatever the size, tiles lead to the same root."""
        assert tree(size).root() == defined(LEAVES[:size]) == merkle.root(LEAVES[:size])


class TestIncluded:
    """merkle.included()"""

    @given(st.data())
    def test_a_true_proof_holds_and_nothing_beside_it(self, data):
        """Another index, another leaf, another size, a hash more or less: nothing is proved."""
        size = data.draw(st.integers(1, 700))
        index = data.draw(st.integers(0, size - 1))
        proof, root = tree(size).inclusion(index), defined(LEAVES[:size])

        assert merkle.included(LEAVES[index], index, size, proof, root)
        assert not merkle.included(LEAVES[index], index, size, [*proof, root], root)
        assert not merkle.included(LEAVES[index], index, size, proof[:-1], root) or not proof
        assert not merkle.included(LEAVES[(index + 1) % 700], index, size, proof, root)
        assert not merkle.included(LEAVES[index], size, size, proof, root)
        assert not merkle.included(LEAVES[index], -1, size, proof, root)
        other = data.draw(st.integers(0, size - 1))
        assert other == index or not merkle.included(LEAVES[index], other, size, proof, root)

    def test_a_place_beyond_the_tree_has_no_proof(self):
        """It is refused by name."""
        with pytest.raises(TileRefused):
            tree(5).inclusion(5)


class TestConsistent:
    """merkle.consistent()"""

    @given(st.data())
    def test_a_true_proof_holds_and_nothing_beside_it(self, data):
        """Two trees of one log are joined by exactly one proof."""
        new = data.draw(st.integers(0, 700))
        old = data.draw(st.integers(0, new))
        proof = tree(new).consistency(old)
        before, after = defined(LEAVES[:old]), defined(LEAVES[:new])

        assert merkle.consistent(old, new, before, after, proof)
        assert not merkle.consistent(old, new, before, after, [*proof, after])
        assert not merkle.consistent(old, new, before, after, proof[:-1]) or not proof
        assert not merkle.consistent(new + 1, new, before, after, proof)
        if 0 < old < new:
            forked = merkle.root([*LEAVES[: old - 1], merkle.leaf(b"other")])
            assert not merkle.consistent(old, new, forked, after, proof)

    def test_the_empty_tree_begins_every_other(self):
        """It needs no proof, and no other root passes for it."""
        assert merkle.consistent(0, 3, merkle.EMPTY, defined(LEAVES[:3]), [])
        assert not merkle.consistent(0, 3, LEAVES[0], defined(LEAVES[:3]), [])


class TestPaths:
    """tiles.path() and tiles.of_path()"""

    @pytest.mark.parametrize(
        ("number", "width", "spelled"),
        [(0, 256, "000"), (1234067, 256, "x001/x234/067"), (273, 112, "273.p/112"), (1000, 1, "x001/000.p/1")],
    )
    def test_spelled_as_the_specification_does(self, number, width, spelled):
        """There and back."""
        assert tiles.path(number, width) == spelled
        assert tiles.of_path(spelled) == (number, width)

    @pytest.mark.parametrize(
        "spelled",
        ["", "0", "0000", "x000/001", "001.p/0", "001.p/256", "001.p/012", "../001", "x001/67", "001/002", "٠٠٠"],
    )
    def test_other_spellings_are_refused(self, spelled):
        """One tile has one address."""
        with pytest.raises(TileRefused):
            tiles.of_path(spelled)

    def test_widths_of_the_specification_s_example(self):
        """A tree of 70,000 has 273 full tiles, one of 112, one full and one of 17 above, and one of 1."""
        widths = [tiles.width(70_000, level, number) for level, number in ((0, 272), (0, 273), (1, 0), (1, 1), (2, 0))]
        assert widths == [256, 112, 256, 17, 1]
        assert tiles.width(70_000, 3, 0) == tiles.width(70_000, 0, 274) == 0
