// Is what comes from outside text in every ticket system, and does a ticket keep its size by whole rows?
#include "engine/forms/ticket.hpp"

#include <doctest/doctest.h>

namespace fairway::ticket_test {

using namespace fairway::forms;

TEST_CASE("tickets: what is markup anywhere stands as itself") {
    CHECK(plain("HV01.corp.example, 10.0.0.0/24: cifs/HV02") == "HV01.corp.example, 10.0.0.0/24: cifs/HV02");
    CHECK(plain("a_b*c`d") == "a\\_b\\*c\\`d");
    CHECK(plain("<b>|[x]|{y}") == "\\<b\\>\\|\\[x\\]\\|\\{y\\}");
    CHECK(plain("CORP\\admin HV01$ a & b &lt;") == "CORP\\\\admin HV01\\$ a \\& b \\\\u\\{26\\}lt;");
    CHECK(plain("two\nlines\t\u202e") == "two\\\\x0alines\\\\x09\\\\u\\{202e\\}");
}

TEST_CASE("tickets: nothing is a link, a mention or the name of an issue") {
    CHECK(plain("@all, me@corp.example") == "\\[at\\]all, me\\[at\\]corp.example");
    CHECK(plain("HTTP://x ftp://y www.z WWW.z") == "HTTP\\[:\\]//x ftp\\[:\\]//y www\\[.\\]z WWW\\[.\\]z");
    CHECK(plain("#12 a/b#12 !3 ~l %m ^n $o") ==
          "\\\\u\\{23\\}12 a/b\\\\u\\{23\\}12 \\\\u\\{21\\}3 \\\\u\\{7e\\}l \\\\u\\{25\\}m \\\\u\\{5e\\}n "
          "\\\\u\\{24\\}o");
    CHECK(plain("80%, a~b, x^2 # !") == "80%, a\\~b, x\\^2 \\# \\!");
}

TEST_CASE("tickets: of a long text the beginning, of whole characters, and its size") {
    std::string umlauts;
    for (int i = 0; i < 241; ++i) umlauts += "ü";
    CHECK(plain(umlauts.substr(2)) == umlauts.substr(2));
    CHECK(plain(umlauts) == umlauts.substr(2) + "… (241 characters)");
}

TEST_CASE("tickets: rows are left out from the end of the largest table, and that is said") {
    Ticket small("T");
    small.say("Said.");
    small.table("A", {"x", "y"}, {{"1", "|"}});
    small.table("None", {"x"}, {});
    CHECK(small.print("`fairway`.") ==
          "# T\n\nSaid.\n\nThe whole: `fairway`.\n\n## A\n\n| x | y |\n| --- | --- |\n| 1 | \\| |\n");

    Ticket large("T");
    std::vector<Ticket::Row> rows(5000, {"abc", "def"});
    large.table("Large", {"x", "y"}, rows);
    large.table("Small", {"x"}, {{"last"}});
    const std::string text = large.print("`fairway`.");
    CHECK(text.size() < ticket_limit);
    CHECK(text.size() > ticket_limit - 1000);
    CHECK(text.ends_with("| last |\n"));
    std::size_t shown = 0;
    for (std::size_t at = 0; (at = text.find("| abc | def |\n", at)) != std::string::npos; ++at) ++shown;
    CHECK(text.find("\n" + std::to_string(5000 - shown) + " of 5000 rows are left out here.\n") != std::string::npos);
    CHECK(text.find(std::to_string(5000 - shown) + " of 5001 rows are left out below") != std::string::npos);
}

}  // namespace fairway::ticket_test
