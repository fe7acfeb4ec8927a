// Is JSON read strictly, and printed the same way every time?
#include <doctest/doctest.h>

#include "engine/base/json.hpp"

namespace fairway::json_test {
namespace {

std::string refusal(std::string_view text, const JsonLimits& limits = {}) {
    const auto json = parse_json(text, limits);
    return json ? "accepted: " + json->dump() : json.error().text;
}

template <class T>
std::string text_of(const Result<T>& result) {
    return result ? "accepted" : result.error().text;
}

}  // namespace

TEST_CASE("json: what is read is printed, keys in their order") {
    for (const char* text : {"{\"b\":1,\"a\":[true,null,\"\xc3\xa4\",-7,1.5]}", "[]", "\"x\"", "9223372036854775807"})
        CHECK(print_json(*parse_json(text), -1) == text);
    CHECK(print_json(*parse_json("{\"b\":[1]}")) == "{\n  \"b\": [\n    1\n  ]\n}\n");
}

TEST_CASE("json: what is refused, and where") {
    const std::pair<std::string, std::string> rows[] = {
        {"{\"a\":1,\n \"a\":2}", "line 2, column 7: the key `a` is here twice"},
        {"{\"b\":{\"a\":1,\"c\":0,\"a\":2}}", "line 1, column 24: the key `a` is here twice"},
        {"{\"a\":1, \"\\u0061\":2}", "line 1, column 19: the key `a` is here twice"},
        {"{\"password\": \"a; expected hunter2\n\"}",
         "line 2, column 1: syntax error while parsing value - invalid string: control character U+000A (LF) must "
         "be escaped to \\u000A or \\n"},
        {"[1] x", "line 1, column 5: syntax error while parsing value - invalid literal; expected end of input"},
        {"[1] []", "line 1, column 5: syntax error while parsing value - unexpected '['; expected end of input"},
        {std::string("[1]\0", 4), "line 1, column 4: a zero byte"},
        {"[\"\xff\"]", "line 1, column 3: syntax error while parsing value - invalid string: ill-formed UTF-8 byte"},
        {"[\"\xed\xa0\x80\"]",
         "line 1, column 4: syntax error while parsing value - invalid string: ill-formed UTF-8 byte"},
        {"",
         "line 1, column 1: syntax error while parsing value - unexpected end of input; expected '[', '{', or a "
         "literal"},
        {"[1,\n2,]",
         "line 2, column 3: syntax error while parsing value - unexpected ']'; expected '[', '{', or a "
         "literal"},
        {"{\"a\" 1}",
         "line 1, column 6: syntax error while parsing object separator - unexpected number literal; "
         "expected ':'"},
        {"[1e999]", "line 1, column 6: number overflow parsing '1e999'"},
        {"[NaN]", "line 1, column 2: syntax error while parsing value - invalid literal"},
    };
    for (const auto& [text, why] : rows) {
        CAPTURE(text);
        CHECK(refusal(text) == why);
    }
}

TEST_CASE("json: limits") {
    CHECK(refusal("[1,2]", {.bytes = 4, .depth = 9}) == "5 bytes of JSON are more than the limit of 4");
    CHECK(refusal("[[1]]", {.bytes = 99, .depth = 2}) == "accepted: [[1]]");
    CHECK(refusal("[{\"a\":[1]}]", {.bytes = 99, .depth = 2}) == "line 1, column 7: nested deeper than 2 levels");
    CHECK(refusal(std::string(1'000'000, '[')) == "line 1, column 65: nested deeper than 64 levels");
}

TEST_CASE("json: getters answer with the path") {
    const Json json = *parse_json(R"({"t":"x","n":-3,"big":9223372036854775808,"f":1.0,"b":true,"l":["a",1],"m":{}})");
    CHECK(text_at(json, "t") == "x");
    CHECK(integer_at(json, "n") == -3);
    CHECK(boolean_at(json, "b") == true);
    CHECK(map_at(json, "m").has_value());
    CHECK(list_at(json, "l").value()->size() == 2);
    CHECK(find(json, "none") == nullptr);
    CHECK(find(json["l"], "t") == nullptr);
    CHECK(text_of(text_at(json, "n", "a.b[1]")) == "`a.b[1].n` must be text, is a whole number");
    CHECK(text_of(text_at(json, "none", "a")) == "`a.none` is missing");
    CHECK(text_of(text_at(json["l"], "x", "a")) == "`a` must be a map, is a list");
    CHECK(text_of(text_at(json["l"], "x")) == "the document must be a map, is a list");
    CHECK(text_of(integer_at(json, "f")) == "`f` must be a whole number, is a number with a fraction");
    CHECK(text_of(integer_at(json, "b")) == "`b` must be a whole number, is true or false");
    CHECK(text_of(integer_at(json, "big")).find("is 9223372036854775808") != std::string::npos);
    CHECK(text_of(integer_at(json, "n", "", {0, 10})) == "`n` must be from 0 to 10, is -3");
    CHECK(text_of(texts_at(json, "l", "p")) == "`p.l[1]` must be text, is a whole number");
    CHECK(text_of(list_at(json, "m")) == "`m` must be a list, is a map");
    CHECK(text_of(only_keys(json, {"t", "n", "big", "f", "b", "list", "m"}, "p")) ==
          "unknown key `p.l`; did you mean `t`?");
    CHECK(text_of(only_keys(*parse_json(R"({"phasse":1})"), {"phase"})) ==
          "unknown key `phasse`; did you mean `phase`?");
    CHECK(text_of(only_keys(json["m"], {})) == "accepted");
}

TEST_CASE("json: printing never throws") { CHECK(print_json(Json("a\xff"), -1) == "\"a\xef\xbf\xbd\""); }

TEST_CASE("parts of a large document are taken as they are read, and everything else stays") {
    std::vector<std::string> taken;
    const fairway::TakeJson take = [&](const std::string& section, const std::string& key, const fairway::Json& map) {
        taken.push_back(section + "/" + key + "=" + fairway::print_json(map, -1));
    };
    const auto rest = fairway::parse_json(
        R"({"a": {"x": {"k": {"deep": 1}}, "y": 2, "z": [{"q": 1}]}, "b": [{"x": {}}], "c": 3})", {}, take);
    REQUIRE(rest);
    CHECK(taken == std::vector<std::string>{R"(a/x={"k":{"deep":1}})"});
    CHECK(fairway::print_json(*rest, -1) == R"({"a":{"x":{},"y":2,"z":[{"q":1}]},"b":[{"x":{}}],"c":3})");
    CHECK_FALSE(fairway::parse_json(R"({"a": {"x": {}, "x": {}}})", {}, take));
    CHECK_FALSE(fairway::parse_json(R"({"a": {"x": {"k": 1, "k": 2}}})", {}, take));
}

}  // namespace fairway::json_test
