// Is YAML read strictly: places, limits, and what is refused?
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "engine/base/yaml.hpp"
#include "tests/engine/policy/said.hpp"

namespace fairway::yaml_test {
namespace {

// A tree in one line: {a: "x"} for quoted text, places behind an @ where asked.
std::string shown(const Node& node) {
    switch (node.kind) {
        case Node::Kind::nothing: return "~";
        case Node::Kind::scalar: return node.quoted ? '"' + node.text + '"' : node.text;
        case Node::Kind::list: {
            std::string out;
            for (const Node& item : node.items) out += (out.empty() ? "" : ", ") + shown(item);
            return "[" + out + "]";
        }
        case Node::Kind::map: {
            std::string out;
            for (const Entry& entry : node.entries)
                out += (out.empty() ? "" : ", ") + entry.key + ": " + shown(entry.value);
            return "{" + out + "}";
        }
    }
    return {};
}

std::string tree(std::string_view text) {
    const auto node = parse_yaml(text, "f");
    for (const std::string& line : said(node)) FAIL_CHECK(line);
    return node ? shown(*node) : "refused";
}

std::vector<std::string> refusal(std::string_view text, const YamlLimits& limits = {}) {
    return said(parse_yaml(text, "f", limits));
}

}  // namespace

TEST_CASE("yaml: trees") {
    const std::pair<const char*, const char*> rows[] = {
        {"", "~"},
        {"# nothing\n", "~"},
        {"just text\n", "just text"},
        {"a: 1\nb: \"x\"\nc:\n  - 1\n  - {x: ~, y: }\nd:\n", "{a: 1, b: \"x\", c: [1, {x: ~, y: ~}], d: ~}"},
        {"a: |\n  two\n  lines\nb: 'it''s'\n", "{a: \"two\nlines\n\", b: \"it's\"}"},
        {"%YAML 1.2\n---\na: 1\n...\n", "{a: 1}"},
        {"a: 1\r\nb: 2\r\n", "{a: 1, b: 2}"},
        {"\xef\xbb\xbf"
         "a: \"x\"\n",
         "{a: \"x\"}"},
        {"n\xc3\xa4me: \"\xc3\xa4\" # \"\n", "{n\xc3\xa4me: \"\xc3\xa4\"}"},
        {"a: yes\n", "{a: yes}"},
        {"a: 1.10\n", "{a: 1.10}"},
        {"a: \"\\u00e4\\n\"\n", "{a: \"\xc3\xa4\n\"}"},
    };
    for (const auto& [text, expected] : rows) {
        CAPTURE(text);
        CHECK(tree(text) == expected);
    }
}

TEST_CASE("yaml: places are those of the document's bytes") {
    const Node node = parse_yaml("\xef\xbb\xbf# x\n\xc3\xa4: [b,  c]\nd:\n  - {e: f}\ng:\n", "f").value();
    const auto at = [](Place place) { return fmt::format("{}:{}", place.line, place.column); };
    CHECK(at(node.entries[0].place) == "2:1");
    CHECK(at(node.at("\xc3\xa4")->items[1].place) == "2:10");
    CHECK(at(node.at("d")->items[0].entries[0].value.place) == "4:9");
    CHECK(at(node.at("g")->place) == "5:1");  // a value that stands nowhere has its key's place
    CHECK(node.at("none") == nullptr);
}

TEST_CASE("yaml: what is refused, and where") {
    const std::string anchors =
        "anchors (&) and aliases (*) are not understood here: write the value out where it is used";
    const std::string colon =
        "a `:` is not allowed here: a text that holds `: ` needs quotes; or is the line indented unlike its "
        "neighbours?";
    const std::vector<Bad> rows = {
        {"a: 1\na: 2\nb: 3\na: 4\n",
         {"2:1: the key `a` is here twice; first in line 1", "4:1: the key `a` is here twice; first in line 1"}},
        {"\"a\": 1\na: 2\n", {"2:1: the key `a` is here twice; first in line 1"}},
        {"x: {b: 1, b: 2}\n", {"1:11: the key `b` is here twice; first in line 1"}},
        {"a: &x 1\nb: *x\n", {"1:4: " + anchors, "2:4: " + anchors}},
        {"a: &x [1]\nb: &y [*x, *x]\nc: [*y, *y]\n",
         {"1:4: " + anchors, "2:4: " + anchors, "2:8: " + anchors, "2:12: " + anchors, "3:5: " + anchors,
          "3:9: " + anchors}},
        {"b: *x\n", {"1:4: " + anchors}},
        {"a: *\n", {"1:5: a text that begins with `*` needs quotes"}},
        {"<<: {a: 1}\n", {"1:1: merge keys (<<) are not understood here: write the keys out"}},
        {"a: !!str x\n", {"1:4: tags are not understood here: leave `!!str` out"}},
        {"a: !secret x\n", {"1:4: tags are not understood here: leave `!secret` out"}},
        {"a: !<tag:x,1> [1]\n", {"1:4: tags are not understood here: leave `tag:x,1` out"}},
        {"a: ! x\n", {"1:4: tags are not understood here: leave `!` out"}},
        {"[a]: x\n", {"1:1: a key must be text, not a list or a map"}},
        {"? {a: b}\n: x\n", {"1:3: a key must be text, not a list or a map"}},
        {"~: x\n", {"1:1: a key must be text; here is none"}},
        {"a: 1\n---\nb: 2\n", {"2:1: a second document begins here: one file holds one document"}},
        {"- a\nb: 1\n", {"2:1: the document ended above this line: is the line indented like its neighbours?"}},
        {"a: x\n\tb: y\n", {"2:1: a tab in the indentation: YAML indents with blanks"}},
        {"a: x\nb:\n\t- c: y\n", {"3:1: a tab in the indentation: YAML indents with blanks"}},
        {"b:\n  \t- c: y\n", {"2:3: a tab in the indentation: YAML indents with blanks"}},
        {"b:\n\t- c\n\t- d\n", {"2:1: a tab in the indentation: YAML indents with blanks"}},
        {"a: b: c\n", {"1:5: " + colon}},
        {"a: 1\n b: 2\n", {"2:3: " + colon}},
        {"a: \"x\nb: 1\n", {"1:4: the quotes are never closed"}},
        {"a: \"x\\\"\n", {"1:4: the quotes are never closed"}},
        {"a: 'it''s\n", {"1:4: the quotes are never closed"}},
        {"a: [1, 2\nb: 3\n", {"2:2: the list has no closing `]`"}},
        {"a: {b: 1\n", {"2:1: the map has no closing `}`"}},
        {"a: ]\n", {"1:4: a closing bracket that nothing opened"}},
        {"a: @x\n", {"1:4: a text cannot begin with this character: put it in quotes"}},
        {"b: 1\na: \xc3\xa4\xff\n", {"2:6: not clean UTF-8 text: a control character, or bytes of another encoding"}},
        {std::string("a: x\0", 5), {"1:5: not clean UTF-8 text: a control character, or bytes of another encoding"}},
        {"a: \"\\u0007\"\n", {"1:4: the text holds a control character"}},
        {"\"a\\0\": 1\n", {"1:1: the text holds a control character"}},
    };
    for (const Bad& row : rows) {
        CAPTURE(row.piece);
        CHECK(refusal(row.piece) == row.said);
    }
}

TEST_CASE("yaml: what is printed is read as the same, whatever the texts are") {
    // Bytes that YAML gives a meaning come up often; what no document can hold is refused by the reader.
    const auto text = rc::gen::container<std::string>(
        rc::gen::oneOf(rc::gen::element<char>(':', ' ', '#', '-', '?', '"', '\'', '\\', '\n', '\t', ',', '[', ']', '{',
                                              '}', '*', '&', '!', '|', '>', '%', '@', '`', '~', '<', '='),
                       rc::gen::inRange<char>(' ', '~')));
    CHECK(rc::check("a list and a map of texts", [&] {
        Node list, map;
        list.kind = Node::Kind::list;
        map.kind = Node::Kind::map;
        for (const std::string& one : *rc::gen::container<std::vector<std::string>>(text)) {
            Node node;
            node.kind = Node::Kind::scalar;
            node.text = one;
            list.items.push_back(node);
        }
        map.entries.push_back({"plain", {}, list});
        list.items.push_back(map);
        const auto read = parse_yaml(print_yaml(list), "printed.yaml");
        RC_ASSERT(read.has_value());
        RC_ASSERT(read->items.size() == list.items.size());
        const std::vector<Node>& inner = read->items.back().at("plain")->items;
        for (std::size_t i = 0; i < inner.size(); ++i) {
            RC_ASSERT(read->items[i].text == list.items[i].text);
            RC_ASSERT(read->items[i].is(Node::Kind::scalar));
            RC_ASSERT(inner[i].text == list.items[i].text);
        }
    }));
    for (const std::string word : {"null", "~", "", "true", "<<", "- a", "0x1"}) {
        Node node;
        node.kind = Node::Kind::scalar;
        node.text = word;
        const auto read = parse_yaml(print_yaml(node), "printed.yaml");
        REQUIRE(read.has_value());
        CHECK(read->is(Node::Kind::scalar));
        CHECK(read->text == word);
    }
}

TEST_CASE("yaml: limits") {
    using Lines = std::vector<std::string>;
    CHECK(refusal("a: 1", {.bytes = 3}) == Lines{"0:0: 4 bytes are more than the limit of 3"});
    CHECK(refusal("[[[1]]]", {.depth = 3}).empty());
    CHECK(refusal("[[[1]]]", {.depth = 2}) == Lines{"1:3: nested deeper than 2 levels"});
    CHECK(refusal("[1, 2, 3]", {.nodes = 4}).empty());
    CHECK(refusal("[1, 2, 3]", {.nodes = 3}) == Lines{"1:8: more than 3 values"});
    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += "- ";
    CHECK(refusal(deep) == Lines{"1:65: nested deeper than 32 levels"});
    CHECK(refusal(std::string(100'000, '[')).size() == 1);
    CHECK(refusal(std::string(100'000, '{')).size() == 1);
}

}  // namespace fairway::yaml_test
