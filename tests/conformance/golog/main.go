// Judge a log as the programs of the Go project do: its checkpoint, its tiles, an inclusion and a consistency proof.
//
// Usage: golog FOLDER, which holds what a client fetches: key (verifier key), checkpoint, older (an older checkpoint),
// tile/… (C2SP addresses), proof.json (index, leaf, hashes of an inclusion proof; hashes of a consistency proof).
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type proofs struct {
	Index       int64    `json:"index"`
	Leaf        string   `json:"leaf"`
	Inclusion   []string `json:"inclusion"`
	Consistency []string `json:"consistency"`
}

type folder string

func (f folder) Height() int { return 8 }

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var read [][]byte
	for _, tile := range tiles {
		// Go writes tile/HEIGHT/LEVEL/…; C2SP fixes the height and leaves it out.
		data, err := os.ReadFile(filepath.Join(string(f), strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
		if err != nil {
			return nil, err
		}
		read = append(read, data)
	}
	return read, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func main() {
	place := folder(os.Args[1])
	size, root := checkpoint(place, "checkpoint")
	oldSize, oldRoot := checkpoint(place, "older")

	var given proofs
	must(json.Unmarshal(file(place, "proof.json"), &given))
	leaf := hash(given.Leaf)
	must(tlog.CheckRecord(hashes(given.Inclusion), size, root, given.Index, leaf))
	must(tlog.CheckTree(hashes(given.Consistency), size, root, oldSize, oldRoot))

	reader := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, place)
	own, err := tlog.ProveRecord(size, given.Index, reader)
	must(err)
	must(tlog.CheckRecord(own, size, root, given.Index, leaf))
	tree, err := tlog.ProveTree(size, oldSize, reader)
	must(err)
	must(tlog.CheckTree(tree, size, root, oldSize, oldRoot))
	fmt.Printf("size=%d older=%d index=%d: checkpoint, tiles and proofs agree\n", size, oldSize, given.Index)
}

func checkpoint(place folder, name string) (int64, tlog.Hash) {
	key, err := note.NewVerifier(strings.TrimSpace(string(file(place, "key"))))
	must(err)
	opened, err := note.Open(file(place, name), note.VerifierList(key))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	if lines[0] != key.Name() {
		must(fmt.Errorf("origin %q is not the key's name %q", lines[0], key.Name()))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	return size, hash(lines[2])
}

func hashes(given []string) []tlog.Hash {
	var read []tlog.Hash
	for _, one := range given {
		read = append(read, hash(one))
	}
	return read
}

func hash(given string) tlog.Hash {
	var read tlog.Hash
	data, err := base64.StdEncoding.DecodeString(given)
	must(err)
	if copy(read[:], data) != len(read) || len(data) != len(read) {
		must(fmt.Errorf("%q is no hash", given))
	}
	return read
}

func file(place folder, name string) []byte {
	data, err := os.ReadFile(filepath.Join(string(place), name))
	must(err)
	return data
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
