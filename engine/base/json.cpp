// See json.hpp. Parsing builds the tree from events, so that depth and repeated keys are refused before
// they cost anything, and no exception of the library is ever thrown.
#include "engine/base/json.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "engine/base/text.hpp"

namespace fairway {
namespace {

using Object = Json::object_t;

std::optional<std::string> repeated_key(const Object& object) {
    std::vector<std::string_view> keys;
    keys.reserve(object.size());
    for (const auto& entry : object) keys.emplace_back(entry.first);
    std::sort(keys.begin(), keys.end());
    const auto it = std::adjacent_find(keys.begin(), keys.end());
    if (it == keys.end()) return std::nullopt;
    return std::string(*it);
}

// What the parser says that it expected; anything else behind that word is of the document.
constexpr std::string_view expectations[] = {"end of input", "string literal",        "':'", "']'",
                                             "'}'",          "'[', '{', or a literal"};

// "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while parsing value -
// invalid literal; last read: '…'; expected …", without the number, the place (ours is better) and what
// was read (it may be any bytes, or a secret).
std::string in_our_words(std::string_view what) {
    const auto after = [&](std::string_view mark) {
        if (const auto at = what.find(mark); at != std::string_view::npos) what.remove_prefix(at + mark.size());
    };
    after("] ");
    if (what.substr(0, 14) == "parse error at") after(": ");
    std::string out(what);
    const auto read = out.find("; last read: '");
    if (read == std::string::npos) return out;
    constexpr std::string_view mark = "; expected ";
    const auto expected = what.rfind(mark);
    const bool said = expected != std::string_view::npos && expected > read &&
                      std::ranges::find(expectations, what.substr(expected + mark.size())) != std::end(expectations);
    return said ? out.erase(read, expected - read) : out.erase(read);
}

// Takes the parser's events. The stack holds the open maps and lists; what is closed moves into its parent.
class JsonBuilder {
public:
    JsonBuilder(std::size_t depth, const TakeJson& take) : depth_(depth), take_(take) {}

    bool null() { return put(nullptr); }
    bool boolean(bool value) { return put(value); }
    bool number_integer(std::int64_t value) { return put(value); }
    bool number_unsigned(std::uint64_t value) { return put(value); }
    bool number_float(double value, const std::string&) { return put(value); }
    bool string(std::string& value) { return put(std::move(value)); }
    bool binary(Json::binary_t&) { return refuse("binary data has no place in a document"); }
    bool start_object(std::size_t) { return open(Json::object()); }
    bool start_array(std::size_t) { return open(Json::array()); }
    bool end_array() { return close(); }

    bool end_object() {
        if (const auto key = repeated_key(stack_.back().get_ref<Object&>()))
            return refuse(fmt::format("the key `{}` is here twice", *key));
        return close();
    }

    bool key(std::string& name) {
        // Straight into the vector below the map: its own insertion looks at every key before.
        stack_.back().get_ref<Object&>().emplace_back(std::move(name), Json());
        return true;
    }

    bool parse_error(std::size_t offset, const std::string&, const nlohmann::detail::exception& error) {
        position = offset;
        return refuse(in_our_words(error.what()));
    }

    Json root;
    std::string complaint;
    std::optional<std::size_t> position;  // of a complaint of the parser's; empty for ours

private:
    bool refuse(std::string why) {
        complaint = std::move(why);
        return false;
    }

    bool open(Json empty) {
        if (stack_.size() >= depth_) return refuse(fmt::format("nested deeper than {} levels", depth_));
        stack_.push_back(std::move(empty));
        return true;
    }

    bool close() {
        Json done = std::move(stack_.back());
        stack_.pop_back();
        const auto open_key = [](const Json& map) -> const std::string& {
            return map.get_ref<const Object&>().back().first;
        };
        if (take_ && stack_.size() == 2 && done.is_object() && stack_[0].is_object() && stack_[1].is_object()) {
            take_(open_key(stack_[0]), open_key(stack_[1]), done);
            done = Json::object();
        }
        return put(std::move(done));
    }

    bool put(Json value) {
        if (stack_.empty()) root = std::move(value);
        else if (stack_.back().is_array()) stack_.back().push_back(std::move(value));
        else stack_.back().get_ref<Object&>().back().second = std::move(value);
        return true;
    }

    std::size_t depth_;
    const TakeJson& take_;
    std::vector<Json> stack_;
};

// Iterates over the text and remembers how far the parser has come, for complaints that are ours.
struct Cursor {
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;
    const char* at;
    const char** furthest;
    reference operator*() const { return *at; }
    Cursor& operator++() {
        *furthest = ++at;
        return *this;
    }
    Cursor operator++(int) {
        Cursor old = *this;
        ++*this;
        return old;
    }
    bool operator==(const Cursor& other) const { return at == other.at; }
    bool operator!=(const Cursor& other) const { return at != other.at; }
};

std::string line_and_column(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const auto feed = before.rfind('\n');
    const std::size_t column = before.size() - (feed == std::string_view::npos ? 0 : feed + 1);
    return fmt::format("line {}, column {}", line, std::max<std::size_t>(1, column));
}

// The library looks at each byte twice and appends it alone; most of our text needs no escape, and a plan within a
// journal's entry only these.
void quote(std::string& out, std::string_view text) {
    const auto plain = [](char c) { return (c >= ' ' && c < 0x7f) || c == '\n'; };
    if (!std::all_of(text.begin(), text.end(), plain)) {
        out += text::printable_json(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace));
        return;
    }
    out += '"';
    while (true) {
        const std::size_t escaped = text.find_first_of("\"\\\n");
        out += text.substr(0, escaped);
        if (escaped == std::string_view::npos) break;
        out += '\\';
        out += text[escaped] == '\n' ? 'n' : text[escaped];
        text.remove_prefix(escaped + 1);
    }
    out += '"';
}

std::string kind(const Json& json) {
    if (json.is_object()) return "a map";
    if (json.is_array()) return "a list";
    if (json.is_string()) return "text";
    if (json.is_boolean()) return "true or false";
    if (json.is_null()) return "null";
    return json.is_number_float() ? "a number with a fraction" : "a whole number";
}

std::string here(std::string_view path) {
    return path.empty() ? std::string("the document") : fmt::format("`{}`", path);
}

// The value of `key`, which must be there.
Result<const Json*> at(const Json& json, std::string_view key, std::string_view path) {
    if (!json.is_object()) return fail(Code::bad_input, fmt::format("{} must be a map, is {}", here(path), kind(json)));
    if (const Json* found = find(json, key)) return found;
    return fail(Code::bad_input, fmt::format("`{}` is missing", path_to(path, key)));
}

tl::unexpected<Error> wrong_kind(std::string path, const char* expected, const Json& found) {
    return fail(Code::bad_input, fmt::format("`{}` must be {}, is {}", path, expected, kind(found)));
}

template <class Test>
Result<const Json*> typed_at(const Json& json, std::string_view key, std::string_view path, const char* expected,
                             Test test) {
    const auto found = at(json, key, path);
    if (found && !test(**found)) return wrong_kind(path_to(path, key), expected, **found);
    return found;
}

}  // namespace

Result<Json> parse_json(std::string_view text, const JsonLimits& limits) { return parse_json(text, limits, {}); }

Result<Json> parse_json(std::string_view text, const JsonLimits& limits, const TakeJson& take) {
    if (text.size() > limits.bytes)
        return fail(Code::bad_input,
                    fmt::format("{} bytes of JSON are more than the limit of {}", text.size(), limits.bytes));
    // The parser takes a zero byte for the end of its input, wherever it stands.
    if (const auto zero = text.find('\0'); zero != std::string_view::npos)
        return fail(Code::bad_input, fmt::format("{}: a zero byte", line_and_column(text, zero + 1)));
    JsonBuilder builder(limits.depth, take);
    const char* furthest = text.data();
    const Cursor begin{text.data(), &furthest}, end{text.data() + text.size(), &furthest};
    if (Json::sax_parse(begin, end, &builder)) return std::move(builder.root);
    const auto offset = builder.position.value_or(static_cast<std::size_t>(furthest - text.data()));
    return fail(Code::bad_input, fmt::format("{}: {}", line_and_column(text, offset), builder.complaint));
}

std::string print_json(const Json& json, int indent) {
    JsonWriter writer(indent);
    writer.put({}, json);
    std::string out = writer.take();
    if (indent >= 0) out += '\n';
    return out;
}

void JsonWriter::line(std::size_t depth) {
    if (indent_ < 0) return;
    out_ += '\n';
    out_.append(depth * static_cast<std::size_t>(indent_), ' ');
}

void JsonWriter::start(std::string_view key) {
    if (levels_.empty()) return;
    if (!std::exchange(levels_.back().empty, false)) out_ += ',';
    line(levels_.size());
    if (levels_.back().begin == '[') return;
    quote(out_, key);
    out_ += indent_ < 0 ? ":" : ": ";
}

void JsonWriter::open(std::string_view key, char begin) {
    start(key);
    out_ += begin;
    levels_.push_back({begin, true});
}

void JsonWriter::close() {
    const Level level = levels_.back();
    levels_.pop_back();
    if (!level.empty) line(levels_.size());
    out_ += level.begin == '{' ? '}' : ']';
}

void JsonWriter::list(std::string_view key, std::span<const std::string> texts) { write_list(key, texts); }

void JsonWriter::list(std::string_view key, std::span<const std::string_view> texts) { write_list(key, texts); }

template <class Text>
void JsonWriter::write_list(std::string_view key, std::span<const Text> texts) {
    open_list(key);
    for (const Text& text : texts) {
        start({});
        quote(out_, text);
    }
    close();
}

void JsonWriter::put(std::string_view key, const Json& json) {
    if (json.is_object()) {
        open_map(key);
        for (const auto& entry : json.get_ref<const Object&>()) put(entry.first, entry.second);
        return close();
    }
    if (json.is_array()) {
        open_list(key);
        for (const Json& element : json) put({}, element);
        return close();
    }
    start(key);
    if (json.is_string()) quote(out_, json.get_ref<const std::string&>());
    else out_ += json.dump();
}

const Json* find(const Json& json, std::string_view key) {
    if (!json.is_object()) return nullptr;
    for (const auto& entry : json.get_ref<const Object&>())
        if (entry.first == key) return &entry.second;
    return nullptr;
}

Result<std::string> text_at(const Json& json, std::string_view key, std::string_view path) {
    return typed_at(json, key, path, "text", [](const Json& j) { return j.is_string(); }).map([](const Json* j) {
        return j->get_ref<const std::string&>();
    });
}

Result<bool> boolean_at(const Json& json, std::string_view key, std::string_view path) {
    return typed_at(json, key, path, "true or false", [](const Json& j) { return j.is_boolean(); })
        .map([](const Json* j) { return *j->get_ptr<const bool*>(); });
}

Result<std::int64_t> integer_at(const Json& json, std::string_view key, std::string_view path, Bounds bounds) {
    const auto found = typed_at(json, key, path, "a whole number", [](const Json& j) { return j.is_number_integer(); });
    if (!found) return tl::unexpected(found.error());
    const Json& number = **found;
    // What is not negative is held unsigned, and may be too large for us.
    const auto* large = number.get_ptr<const std::uint64_t*>();
    const bool fits = !large || *large <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    const std::int64_t value = fits ? number.get<std::int64_t>() : 0;
    if (!fits || value < bounds.least || value > bounds.most)
        return fail(Code::bad_input, fmt::format("`{}` must be from {} to {}, is {}", path_to(path, key), bounds.least,
                                                 bounds.most, number.dump()));
    return value;
}

Result<std::vector<std::string>> texts_at(const Json& json, std::string_view key, std::string_view path) {
    const auto list = list_at(json, key, path);
    if (!list) return tl::unexpected(list.error());
    std::vector<std::string> out;
    out.reserve((*list)->size());
    for (const Json& element : **list) {
        if (!element.is_string()) return wrong_kind(path_to(path_to(path, key), out.size()), "text", element);
        out.push_back(element.get_ref<const std::string&>());
    }
    return out;
}

Result<const Json*> list_at(const Json& json, std::string_view key, std::string_view path) {
    return typed_at(json, key, path, "a list", [](const Json& j) { return j.is_array(); });
}

Result<const Json*> map_at(const Json& json, std::string_view key, std::string_view path) {
    return typed_at(json, key, path, "a map", [](const Json& j) { return j.is_object(); });
}

Result<void> only_keys(const Json& json, std::initializer_list<std::string_view> keys, std::string_view path) {
    if (!json.is_object()) return fail(Code::bad_input, fmt::format("{} must be a map, is {}", here(path), kind(json)));
    const std::vector<std::string_view> known(keys);
    for (const auto& entry : json.get_ref<const Object&>()) {
        if (std::find(known.begin(), known.end(), entry.first) != known.end()) continue;
        const std::string_view near = text::did_you_mean(entry.first, known);
        return fail(Code::bad_input,
                    fmt::format("unknown key `{}`{}", path_to(path, entry.first),
                                near.empty() ? std::string() : fmt::format("; did you mean `{}`?", near)));
    }
    return {};
}

std::string path_to(std::string_view path, std::string_view key) {
    return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

std::string path_to(std::string_view path, std::size_t index) { return fmt::format("{}[{}]", path, index); }

}  // namespace fairway
