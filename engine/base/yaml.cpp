// See yaml.hpp. The library sends events and we build the tree; its exceptions end here.
#include "engine/base/yaml.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <sstream>
#include <yaml-cpp/emitter.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "engine/base/text.hpp"

namespace fairway {
namespace {

constexpr const char* no_anchors =
    "anchors (&) and aliases (*) are not understood here: write the value out where it is used";

Place place_of(const YAML::Mark& mark) {
    if (mark.is_null()) return {};
    return {mark.line + 1, mark.column + 1};
}

// The document's text by line and column, for what the events do not say.
class Source {
public:
    explicit Source(std::string_view text) {
        constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
        text_ = text.substr(0, 3) == byte_order_mark ? text.substr(3) : text;
        lines_.push_back(0);
        for (auto at = text_.find('\n'); at != std::string_view::npos; at = text_.find('\n', at + 1))
            lines_.push_back(at + 1);
    }

    std::string_view from(Place place) const {
        const auto line = static_cast<std::size_t>(std::max(1, place.line)) - 1;
        if (line >= lines_.size()) return {};
        return text_.substr(
            std::min(text_.size(), lines_[line] + static_cast<std::size_t>(std::max(1, place.column)) - 1));
    }

private:
    std::string_view text_;
    std::vector<std::size_t> lines_;
};

// True if the quotes that the text begins with are closed somewhere.
bool quotes_close(std::string_view text) {
    const char quote = text.front();
    for (std::size_t i = 1; i < text.size(); ++i) {
        const bool doubled = quote == '\'' && text.substr(i, 2) == "''";
        if (doubled || (quote == '"' && text[i] == '\\')) ++i;  // a quote that is meant as text
        else if (text[i] == quote) return true;
    }
    return false;
}

class NodeBuilder final : public YAML::EventHandler {
public:
    NodeBuilder(const std::string& file, std::string_view text, const YamlLimits& limits)
        : file_(file), source_(text), limits_(limits) {}

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (++documents_ < 2) return;
        const Place place = place_of(mark);
        if (source_.from(place).substr(0, 3) == "---")
            stop(place, "a second document begins here: one file holds one document");
        else stop(place, "the document ended above this line: is the line indented like its neighbours?");
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        Node node;
        node.place = place_of(mark);
        refuse_anchor(node.place, anchor);
        put(std::move(node));
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        complain(place_of(mark), no_anchors);
        Node node;
        node.place = place_of(mark);
        put(std::move(node));
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        Node node;
        node.kind = Node::Kind::scalar;
        node.place = place_of(mark);
        node.text = value;
        node.quoted = tag != "?";  // "?": plain, "!": quoted; anything else is refused
        refuse_anchor(node.place, anchor);
        refuse_tag(node.place, tag);
        if (tag == "!" && anchor == 0) look_at_quotes(node.place);
        if (!text::is_clean_utf8(value)) complain(node.place, "the text holds a control character");
        put(std::move(node));
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(Node::Kind::list, place_of(mark), tag, anchor);
    }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(Node::Kind::map, place_of(mark), tag, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapEnd() override {
        if (!stopped_) refuse_repeats(open_.back().node);
        close();
    }

    void complain(Place place, std::string text, std::size_t width = 1) {
        if (!stopped_) complaints.push_back({file_, place, width, std::move(text), {}, false});
    }
    bool stopped() const { return stopped_; }

    Node root;
    Diagnostics complaints;

private:
    struct Frame {
        Node node;
        bool key_next = true;  // of a map
    };

    // What follows could only be noise: the events run on, unheard.
    void stop(Place place, std::string text) {
        complain(place, std::move(text));
        stopped_ = true;
    }

    void refuse_anchor(Place place, YAML::anchor_t anchor) {
        if (anchor != 0) complain(place, no_anchors);
    }

    void refuse_tag(Place place, std::string tag) {
        constexpr std::string_view standard = "tag:yaml.org,2002:";
        if (tag.empty() || tag == "?" || tag == "!") return;
        if (tag.substr(0, standard.size()) == standard) tag = "!!" + tag.substr(standard.size());
        complain(place, fmt::format("tags are not understood here: leave `{}` out", tag));
    }

    // The library takes quotes that never close for closed at the end, and a bare `!` for quotes.
    void look_at_quotes(Place place) {
        const std::string_view text = source_.from(place);
        if (text.empty() || text.front() == '|' || text.front() == '>') return;
        if (text.front() == '!') complain(place, "tags are not understood here: leave `!` out");
        else if (!quotes_close(text)) stop(place, "the quotes are never closed");
    }

    void refuse_repeats(const Node& map) {
        std::vector<const Entry*> order;
        order.reserve(map.entries.size());
        for (const Entry& entry : map.entries) order.push_back(&entry);
        std::stable_sort(order.begin(), order.end(), [](const Entry* a, const Entry* b) { return a->key < b->key; });
        const Entry* first = nullptr;
        for (const Entry* entry : order) {
            if (!first || first->key != entry->key) first = entry;
            else
                complain(entry->place,
                         fmt::format("the key `{}` is here twice; first in line {}", entry->key, first->place.line),
                         entry->key.size());
        }
    }

    void open(Node::Kind kind, Place place, const std::string& tag, YAML::anchor_t anchor) {
        if (stopped_ || !count(place)) return;
        refuse_anchor(place, anchor);
        refuse_tag(place, tag);
        if (!open_.empty() && open_.back().node.is(Node::Kind::map) && open_.back().key_next)
            return stop(place, "a key must be text, not a list or a map");
        if (open_.size() >= limits_.depth)
            return stop(place, fmt::format("nested deeper than {} levels", limits_.depth));
        Frame frame;
        frame.node.kind = kind;
        frame.node.place = place;
        open_.push_back(std::move(frame));
    }

    void close() {
        if (stopped_) return;
        Node done = std::move(open_.back().node);
        open_.pop_back();
        attach(std::move(done));
    }

    void put(Node node) {
        if (!stopped_ && count(node.place)) attach(std::move(node));
    }

    bool count(Place place) {
        if (++nodes_ <= limits_.nodes) return true;
        stop(place, fmt::format("more than {} values", limits_.nodes));
        return false;
    }

    void attach(Node node) {
        if (open_.empty()) {
            root = std::move(node);
            return;
        }
        Frame& parent = open_.back();
        if (parent.node.is(Node::Kind::list)) parent.node.items.push_back(std::move(node));
        else if (parent.key_next) add_key(parent, std::move(node));
        else {
            Entry& entry = parent.node.entries.back();
            if (node.is(Node::Kind::nothing)) node.place = entry.place;  // it stands nowhere
            entry.value = std::move(node);
            parent.key_next = true;
        }
    }

    void add_key(Frame& parent, Node key) {
        if (key.is(Node::Kind::nothing)) complain(key.place, "a key must be text; here is none");
        else if (key.text == "<<" && !key.quoted)
            complain(key.place, "merge keys (<<) are not understood here: write the keys out", 2);
        parent.node.entries.push_back({std::move(key.text), key.place, Node{}});
        parent.key_next = false;
    }

    const std::string& file_;
    Source source_;
    YamlLimits limits_;
    std::vector<Frame> open_;
    std::size_t nodes_ = 0;
    int documents_ = 0;
    bool stopped_ = false;
};

constexpr std::string_view tab_words = "a tab in the indentation: YAML indents with blanks";

// The tab that a line, or the one before it, is indented with; line 0: there is none. What the library then says is of
// what stands behind it.
Place indenting_tab(std::string_view text, int line) {
    Place found;
    for (int number = 1; number <= line && !text.empty(); ++number) {
        const std::string_view one = text.substr(0, text.find('\n'));
        const auto tab = one.substr(0, one.find_first_not_of(" \t-")).find('\t');
        if (number + 1 >= line && tab != std::string_view::npos) found = {number, static_cast<int>(tab) + 1};
        text.remove_prefix(std::min(text.size(), one.size() + 1));
    }
    return found;
}

// The library's words, where ours help more.
struct Translation {
    std::string_view theirs, ours;
};
const std::array translations = {
    Translation{YAML::ErrorMsg::TAB_IN_INDENTATION, tab_words},
    Translation{YAML::ErrorMsg::UNKNOWN_ANCHOR, no_anchors},
    Translation{YAML::ErrorMsg::ALIAS_NOT_FOUND, "a text that begins with `*` needs quotes"},
    Translation{YAML::ErrorMsg::ANCHOR_NOT_FOUND, "a text that begins with `&` needs quotes"},
    Translation{YAML::ErrorMsg::CHAR_IN_ALIAS, "a text that begins with `*` needs quotes"},
    Translation{YAML::ErrorMsg::CHAR_IN_ANCHOR, "a text that begins with `&` needs quotes"},
    Translation{YAML::ErrorMsg::MAP_VALUE,
                "a `:` is not allowed here: a text that holds `: ` needs quotes; or is the line indented unlike its "
                "neighbours?"},
    Translation{YAML::ErrorMsg::MAP_KEY, "a key is not allowed here: is the line indented like its neighbours?"},
    Translation{YAML::ErrorMsg::BLOCK_ENTRY, "a `-` is not allowed here: is the line indented like its neighbours?"},
    Translation{YAML::ErrorMsg::END_OF_MAP,
                "this is neither a key of the map above nor its end: is it indented "
                "like its neighbours, and does `: ` follow the key?"},
    Translation{YAML::ErrorMsg::END_OF_SEQ,
                "this is neither an element of the list above nor its end: is it "
                "indented like its neighbours?"},
    Translation{YAML::ErrorMsg::END_OF_MAP_FLOW, "the map has no closing `}`"},
    Translation{YAML::ErrorMsg::END_OF_SEQ_FLOW, "the list has no closing `]`"},
    Translation{YAML::ErrorMsg::FLOW_END, "a closing bracket that nothing opened"},
    Translation{YAML::ErrorMsg::EOF_IN_SCALAR, "the quotes are never closed"},
    Translation{YAML::ErrorMsg::UNKNOWN_TOKEN, "a text cannot begin with this character: put it in quotes"},
    Translation{YAML::ErrorMsg::BAD_FILE, "nested too deep"},
};

std::string translated(std::string_view theirs) {
    for (const Translation& row : translations)
        if (theirs.substr(0, row.theirs.size()) == row.theirs) return std::string(row.ours);
    return std::string(theirs);
}

// Where the first character stands that is not clean UTF-8.
Place first_unclean(std::string_view text) {
    Place place{1, 1};
    while (!text.empty()) {
        const auto lead = static_cast<unsigned char>(text.front());
        const std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
        if (!text::is_clean_utf8(text.substr(0, length))) return place;
        place.column += static_cast<int>(length);
        if (lead == '\n') place = {place.line + 1, 1};
        text.remove_prefix(length);
    }
    return place;
}

// How long a node is in one line, about.
std::size_t length_of(const Node& node) {
    std::size_t out = node.text.size() + 2;
    for (const Node& item : node.items) out += length_of(item) + 2;
    for (const Entry& entry : node.entries) out += entry.key.size() + length_of(entry.value) + 4;
    return out;
}

void emit(YAML::Emitter& out, const Node& node, bool whole) {
    constexpr std::size_t widest = 90;
    const bool flat = !whole && length_of(node) <= widest;
    switch (node.kind) {
        case Node::Kind::nothing: out << YAML::Null; return;
        case Node::Kind::scalar:
            if (node.quoted) out << YAML::DoubleQuoted;
            out << node.text;
            return;
        case Node::Kind::list:
            if (flat) out << YAML::Flow;
            out << YAML::BeginSeq;
            for (const Node& item : node.items) emit(out, item, false);
            out << YAML::EndSeq;
            return;
        case Node::Kind::map:
            if (flat) out << YAML::Flow;
            out << YAML::BeginMap;
            for (const Entry& entry : node.entries) {
                out << YAML::Key << entry.key << YAML::Value;
                emit(out, entry.value, false);
            }
            out << YAML::EndMap;
            return;
    }
}

}  // namespace

std::string print_yaml(const Node& node) {
    YAML::Emitter out;
    emit(out, node, true);
    return std::string(out.c_str(), out.size()) + "\n";
}

std::string yaml_comment(std::string_view text, std::size_t indent) {
    return fmt::format("{:{}}# {}\n", "", indent, text::printable(text));
}

std::string indented(std::string_view yaml, std::size_t by) {
    std::string out;
    for (const std::string_view line : text::split(yaml, '\n'))
        if (!line.empty()) out += fmt::format("{:{}}{}\n", "", by, line);
    return out;
}

const Entry* Node::entry(std::string_view key) const {
    for (const Entry& candidate : entries)
        if (candidate.key == key) return &candidate;
    return nullptr;
}

const Node* Node::at(std::string_view key) const {
    const Entry* found = entry(key);
    return found ? &found->value : nullptr;
}

Checked<Node> parse_yaml(std::string_view text, const std::string& file, const YamlLimits& limits) {
    const auto refuse = [&](Place place, std::string why) {
        return tl::unexpected<Diagnostics>(Diagnostics{{file, place, 1, std::move(why), {}, false}});
    };
    if (text.size() > limits.bytes)
        return refuse({}, fmt::format("{} bytes are more than the limit of {}", text.size(), limits.bytes));
    if (!text::is_clean_utf8(text))
        return refuse(first_unclean(text), "not clean UTF-8 text: a control character, or bytes of another encoding");
    NodeBuilder builder(file, text, limits);
    try {
        std::istringstream stream{std::string(text)};
        YAML::Parser parser(stream);
        while (!builder.stopped() && parser.HandleNextDocument(builder)) {
        }
    } catch (const YAML::Exception& error) {
        const Place place = place_of(error.mark), tab = indenting_tab(text, place.line);
        if (tab.line > 0) builder.complain(tab, std::string(tab_words));
        else builder.complain(place, translated(error.msg));
    } catch (const std::exception& error) {
        builder.complain({}, fmt::format("not YAML: {}", error.what()));
    }
    if (!builder.complaints.empty()) return tl::unexpected(std::move(builder.complaints));
    return std::move(builder.root);
}

}  // namespace fairway
