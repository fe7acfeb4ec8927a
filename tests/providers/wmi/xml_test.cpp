// Is only sound XML taken, and is it told apart by namespace and not by prefix?
#include <doctest/doctest.h>

#include <string>

#include "providers/wmi/xml.hpp"

namespace fairway::wmi::xml {

TEST_CASE("xml: names are resolved, texts unescaped") {
    const auto root = parse(
        "\xef\xbb\xbf<?xml version='1.0'?><a:x xmlns:a='u:1' xmlns='u:2' a:k=\"1 &lt; 2\" k='v'>"
        "<y>t&#x41;&amp;<![CDATA[<z>]]></y><a:y xmlns:a='u:3'> </a:y><!-- c --><q xmlns=''/></a:x>\n");
    REQUIRE_MESSAGE(root.has_value(), (root ? "" : root.error().text));
    CHECK(root->is("u:1", "x"));
    CHECK(root->attribute("u:1", "k") == "1 < 2");
    CHECK(root->attribute("", "k") == "v");
    REQUIRE(root->child("u:2", "y") != nullptr);
    CHECK(root->child("u:2", "y")->text == "tA&<z>");
    REQUIRE(root->child("u:3", "y") != nullptr);
    CHECK(root->child("u:3", "y")->text == " ");
    CHECK(root->child("", "q") != nullptr);
    CHECK(root->child("u:2", "q") == nullptr);
    CHECK(root->child("q") != nullptr);
}

TEST_CASE("xml: what is refused") {
    const std::string deep = [] {
        std::string s;
        for (int i = 0; i < 100000; ++i) s += "<a>";
        return s;
    }();
    const std::string big(1000, ' ');
    const struct {
        const char* why;
        std::string document;
    } rows[] = {
        {"empty", ""},
        {"blank", "  \n"},
        {"text only", "hello"},
        {"document type", "<!DOCTYPE a><a/>"},
        {"entity bomb", "<!DOCTYPE a [<!ENTITY b 'bb'>]><a>&b;</a>"},
        {"external entity", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"},
        {"document type behind a comment", "<!-- x --><!DOCTYPE a><a/>"},
        {"declaration within", "<a><!ENTITY x 'y'></a>"},
        {"unknown entity", "<a>&nbsp;</a>"},
        {"unknown entity in an attribute", "<a b='&x;'/>"},
        {"naked ampersand", "<a>b & c</a>"},
        {"reference to nothing", "<a>&#;</a>"},
        {"reference to NUL", "<a>&#0;</a>"},
        {"reference to a control character", "<a>&#x1;</a>"},
        {"reference to a surrogate", "<a>&#xD800;</a>"},
        {"reference too large", "<a>&#x110000;</a>"},
        {"raw control character", std::string("<a>\x01</a>")},
        {"NUL", std::string("<a>\0</a>", 8)},
        {"not UTF-8", "<a>\xff</a>"},
        {"UTF-16", std::string("\xff\xfe<\0a\0/\0>\0", 10)},
        {"undeclared prefix", "<p:a/>"},
        {"undeclared prefix of an attribute", "<a p:b='c'/>"},
        {"prefix out of its scope", "<a><b xmlns:p='u'/><p:c/></a>"},
        {"attribute twice", "<a b='1' b='2'/>"},
        {"attribute twice by namespace", "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>"},
        {"crossed tags", "<a><b></a></b>"},
        {"cut in an element", "<a><b>"},
        {"cut in a tag", "<a><b"},
        {"cut in a value", "<a b='"},
        {"cut in CDATA", "<a><![CDATA[x</a>"},
        {"cut in a comment", "<a><!-- x</a>"},
        {"two roots", "<a/><b/>"},
        {"text behind", "<a/>x"},
        {"CDATA behind", "<a/><![CDATA[x]]>"},
        {"closed too often", "<a/></a>"},
        {"less-than in a value", "<a b='<'/>"},
        {"too deep", deep},
        {"too large", "<a>" + big + "</a>"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.why);
        const auto root = parse(row.document, {.bytes = row.document == deep ? deep.size() : 900, .depth = 64});
        REQUIRE_FALSE(root.has_value());
        CHECK(root.error().code == Code::protocol);
    }
}

TEST_CASE("xml: depth counts open elements only") {
    CHECK(parse("<a><b/><b/><b/></a>", {.bytes = 100, .depth = 2}).has_value());
    CHECK_FALSE(parse("<a><b><c/></b></a>", {.bytes = 100, .depth = 2}).has_value());
}

TEST_CASE("xml: whatever is written is read back as it was") {
    for (const std::string text : {"", " ", "a]]>b", "<&>\"'", "line\nline\r\n\tend", "&amp;", "gr\xc3\xbc\xc3\x9f"}) {
        CAPTURE(text);
        Writer out;
        out.open("a", {{"b", text}}).leaf("c", text).close();
        const auto written = std::move(out).finish();
        REQUIRE(written.has_value());
        const auto root = parse(*written);
        REQUIRE(root.has_value());
        CHECK(root->attribute("", "b") == text);
        CHECK(root->child("", "c")->text == text);
    }
}

TEST_CASE("xml: what cannot be carried is not written") {
    for (const std::string& text :
         {std::string("\x01"), std::string("a\0b", 3), std::string("\xc3"), std::string("\x1b[2J")}) {
        Writer out;
        out.leaf("a", text);
        const auto written = std::move(out).finish();
        REQUIRE_FALSE(written.has_value());
        CHECK(written.error().code == Code::bad_input);
    }
}

}  // namespace fairway::wmi::xml
