// The stamps of replication, in both forms; times exact to the ends of their range.
#include "providers/ldap/accounts/replication.hpp"

#include <array>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <limits>
#include <rapidcheck.h>

#include "engine/base/clock.hpp"
#include "tests/providers/ldap/hex.hpp"

namespace fairway::ldap::replication_test {

namespace {

const char* const head = "01000000 00000000 03000000 00000000";
// Of a host's account in Samba 4.17: objectClass, and two that we know.
const char* const object_class =
    "00000000 01000000 cdf0132103000000 c715f01ae3cae34a939930ff6ce340c6"
    "610f000000000000 610f000000000000";
const char* const list =
    "fb060900 01000000 cdf0132103000000 c715f01ae3cae34a939930ff6ce340c6"
    "610f000000000000 610f000000000000";
const char* const descriptor =
    "86080900 03000000 cff0132103000000 c715f01ae3cae34a939930ff6ce340c6"
    "6b0f000000000000 6c0f000000000000";

std::string blob() { return from_hex(head) + from_hex(object_class) + from_hex(list) + from_hex(descriptor); }

// The form that Active Directory is seen to give, blanks and NUL included.
std::string xml(std::string_view name = "msDS-AllowedToActOnBehalfOfOtherIdentity", std::string_view version = "3",
                std::string_view time = "2026-11-22T21:34:07Z",
                std::string_view dsa = "1af015c7-cae3-4ae3-9399-30ff6ce340c6", std::string_view usn = "3947",
                std::string_view local = "3948") {
    return fmt::format(
               "<DS_REPL_ATTR_META_DATA>\n\t<pszAttributeName>{}</pszAttributeName>\n\t<dwVersion>{}</dwVersion>"
               "\n\t<ftimeLastOriginatingChange>{}</ftimeLastOriginatingChange>\n\t"
               "<uuidLastOriginatingDsaInvocationID>{}</uuidLastOriginatingDsaInvocationID>\n\t"
               "<usnOriginatingChange>{}</usnOriginatingChange>\n\t<usnLocalChange>{}</usnLocalChange>\n\t"
               "<pszLastOriginatingDsaDN></pszLastOriginatingDsaDN>\n</DS_REPL_ATTR_META_DATA>\n",
               name, version, time, dsa, usn, local) +
           '\0';
}

void check_refused(std::string_view value) {
    CAPTURE(value);
    const auto read = parse_attribute_meta_data(value);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Code::protocol);
    CHECK_FALSE(collect_stamps({std::string(value)}));
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

}  // namespace

TEST_CASE("stamps as Samba keeps them") {
    const auto stamps = parse_property_meta_data(blob());
    REQUIRE(stamps);
    REQUIRE(stamps->size() == 2);
    const Stamp& one = stamps->at("msDS-AllowedToActOnBehalfOfOtherIdentity");
    CHECK(one.version == 3);
    CHECK(show_time(one.time) == "2026-11-22T21:34:07Z");
    CHECK(show_guid(one.dsa) == "1af015c7-cae3-4ae3-9399-30ff6ce340c6");
    CHECK(one.usn == 3947);
    CHECK(one.local_usn == 3948);
    CHECK(show_time(stamps->at("msDS-AllowedToDelegateTo").time) == "2026-11-22T21:34:05Z");
}

TEST_CASE("both forms say the same") {
    const auto named = parse_attribute_meta_data(xml());
    REQUIRE(named);
    CHECK(named->attribute == "msDS-AllowedToActOnBehalfOfOtherIdentity");
    CHECK(named->server.empty());
    CHECK(named->stamp == parse_property_meta_data(blob())->at("msDS-AllowedToActOnBehalfOfOtherIdentity"));
    const auto stamps = collect_stamps({xml(), xml("objectClass"),
                                        xml("MSDS-ALLOWEDTODELEGATETO", "1", "2026-11-22T21:34:05Z",
                                            "1AF015C7-CAE3-4AE3-9399-30FF6CE340C6", "3937", "3937")});
    REQUIRE(stamps);
    CHECK(*stamps == *parse_property_meta_data(blob()));
}

TEST_CASE("every attribute that we write or judge has its number") {
    // ATTRTYPs as ldbsearch --show-binary names them; the last two by OID and prefix table.
    struct Row {
        const char *number, *name;
    };
    for (const Row& row :
         {Row{"08000900", "userAccountControl"}, Row{"dd000900", "sAMAccountName"}, Row{"6b020900", "dNSHostName"},
          Row{"03030900", "servicePrincipalName"}, Row{"fb060900", "msDS-AllowedToDelegateTo"},
          Row{"86080900", "msDS-AllowedToActOnBehalfOfOtherIdentity"}}) {
        CAPTURE(row.name);
        const auto stamps = parse_property_meta_data(from_hex("01000000 00000000 01000000 00000000") +
                                                     from_hex(row.number) + from_hex(list).substr(4));
        REQUIRE(stamps);
        CHECK(stamps->contains(row.name));
        CHECK(collect_stamps({xml(row.name)})->contains(row.name));
    }
    // Numbers of an extension of the schema (msDS-IntId) mean nothing here.
    CHECK(parse_property_meta_data(from_hex("01000000 00000000 01000000 00000000 fb060980") + from_hex(list).substr(4))
              ->empty());
}

TEST_CASE("blobs that make no sense") {
    const std::string good = blob();
    const auto refused = [](const std::string& bytes) {
        const auto read = parse_property_meta_data(bytes);
        return !read && read.error().code == Code::protocol;
    };
    const auto with = [&](std::size_t at, std::string_view hex) {
        const std::string bytes = from_hex(hex);
        return good.substr(0, at) + bytes + good.substr(at + bytes.size());
    };
    CHECK(parse_property_meta_data(from_hex("01000000 00000000 00000000 00000000"))->empty());
    CHECK(parse_property_meta_data(with(4, "ffffffff")));  // padding
    CHECK(refused(""));
    CHECK(refused(good.substr(0, 15)));
    CHECK(refused(good.substr(0, good.size() - 1)));
    CHECK(refused(good + "x"));
    CHECK(refused(with(0, "02")));
    CHECK(refused(with(8, "02")));
    CHECK(refused(with(8, "04")));
    CHECK(refused(with(8, "ffffffff")));
    CHECK(refused(with(112, "fb060900")));                      // one attribute twice
    CHECK(refused(with(64 + 8, "ffffffffffffffff")));           // time
    CHECK(refused(with(64 + 8, "7fd204b63d000000")) == false);  // the last second of 9999
    CHECK(refused(with(64 + 8, "80d204b63d000000")));
    CHECK(refused(with(64 + 32 + 7, "80")));
    CHECK(refused(with(64 + 40 + 7, "80")));
    CHECK(parse_property_meta_data(with(16 + 40 + 7, "80")));  // not one of ours
    std::string many = from_hex("01000000 00000000 01100000 00000000");
    for (int i = 0; i < 4097; ++i) many += from_hex(object_class);
    CHECK(refused(many));
    many.resize(many.size() - 48);
    many[8] = 0;
    CHECK(parse_property_meta_data(many));
}

TEST_CASE("XML that is not the flat list") {
    const std::string good = xml();
    REQUIRE(parse_attribute_meta_data(good));
    for (const std::string& wrong : {std::string(), std::string("<DS_REPL_ATTR_META_DATA>"), good + "x", good + good,
                                     "x" + good, "<?xml version=\"1.0\"?>" + good})
        check_refused(wrong);
    struct Row {
        std::string from, to;
    };
    for (const Row& row : {Row{"</DS_REPL_ATTR_META_DATA>", ""},
                           {"<dwVersion>", "<dwVersion a=\"b\">"},
                           {"<dwVersion>", "<dwVersion >"},
                           {"</dwVersion>", "</dwversion>"},
                           {"</dwVersion>", ""},
                           {"<dwVersion>3", "<dwVersion><b>3</b>"},
                           {"<dwVersion>3", "<dwVersion><!---->3"},
                           {"<dwVersion>3</dwVersion>", ""},
                           {"<dwVersion>3</dwVersion>", "<dwVersion/>"},
                           {"</dwVersion>", "</dwVersion>text"},
                           {"</dwVersion>", "</dwVersion><dwVersion>4</dwVersion>"},
                           {"<dwVersion>", "<>1</><dwVersion>"},
                           {"DS_REPL_ATTR", "DS_REPL_VALUE"},
                           {"\n\t<dwV", std::string(9000, ' ') + "<dwV"}})
        check_refused(replaced(good, row.from, row.to));
    std::string many;
    for (int i = 0; i < 26; ++i) many += fmt::format("<extra{}>1</extra{}>", i, i);
    CHECK(parse_attribute_meta_data(
        replaced(good, "<dwVersion>", many.substr(0, many.find("<extra25>")) + "<dwVersion>")));
    check_refused(replaced(good, "<dwVersion>", many + "<dwVersion>"));
}

TEST_CASE("fields of XML that make no sense") {
    check_refused(xml(""));
    for (const char* wrong : {"", "-1", "+1", "4294967296", "3 ", " 3", "0x3", "3.0"}) check_refused(xml("a", wrong));
    for (const char* wrong :
         {"", "2026-11-22T21:34:55", "2026-11-22 21:34:07Z", "2026-11-22T21:34:55.0Z", "2026-13-22T21:34:07Z",
          "2026-00-22T21:34:07Z", "2026-02-29T21:34:07Z", "2026-11-00T21:34:07Z", "2026-11-22T24:34:55Z",
          "2026-11-22T21:60:55Z", "2026-11-22T21:34:60Z", "1600-12-31T23:59:59Z", "2026-11-22T21:34:5:Z",
          "2026-11-22T21:34:-5Z", "133456789012345678"})
        check_refused(xml("a", "3", wrong));
    check_refused(xml("a", "3", "2026-11-22T21:34:07Z", "1af015c7"));
    for (const char* wrong : {"", "-1", "9223372036854775808", "1e3"}) {
        check_refused(xml("a", "3", "2026-11-22T21:34:07Z", "1af015c7-cae3-4ae3-9399-30ff6ce340c6", wrong));
        check_refused(xml("a", "3", "2026-11-22T21:34:07Z", "1af015c7-cae3-4ae3-9399-30ff6ce340c6", "1", wrong));
    }
    CHECK(parse_attribute_meta_data(xml("a", "4294967295", "2024-02-29T23:59:59Z",
                                        "1af015c7-cae3-4ae3-9399-30ff6ce340c6", "9223372036854775807", "0")));
    CHECK_FALSE(collect_stamps({xml(), xml()}));
    CHECK_FALSE(collect_stamps(std::vector<std::string>(4097, xml("objectClass"))));
    CHECK(collect_stamps({})->empty());
}

TEST_CASE("a server's name is unescaped, and an '&' that is none of XML's stays") {
    const auto read = parse_attribute_meta_data(
        replaced(xml(), "<pszLastOriginatingDsaDN>",
                 "<pszLastOriginatingDsaDN>CN=NTDS Settings,CN=R&amp;D &lt;&gt;&quot;&apos;&amp;lt; &D &#65;"));
    REQUIRE(read);
    CHECK(read->server == "CN=NTDS Settings,CN=R&D <>\"'&lt; &D &#65;");
    CHECK(parse_attribute_meta_data(
        replaced(xml(), "<pszLastOriginatingDsaDN></pszLastOriginatingDsaDN>", "<pszLastOriginatingDsaDN/>")));
    CHECK(parse_attribute_meta_data(replaced(xml(), "<pszLastOriginatingDsaDN></pszLastOriginatingDsaDN>", "")));
}

TEST_CASE("times since 1601 are exact to both ends") {
    CHECK(from_dstime(0) == -11'644'473'600);
    CHECK(from_dstime(11'644'473'600) == 0);
    CHECK(from_dstime(265'046'774'399) == 253'402'300'799);
    CHECK_FALSE(from_dstime(265'046'774'400));
    CHECK_FALSE(from_dstime(std::numeric_limits<std::uint64_t>::max()));
    CHECK(parse_attribute_meta_data(xml("a", "1", "1601-01-01T00:00:00Z"))->stamp.time == -11'644'473'600);
    CHECK(parse_attribute_meta_data(xml("a", "1", "9999-12-31T23:59:59Z"))->stamp.time == 253'402'300'799);
    CHECK(rc::check("a time reads as it is shown", [] {
        const auto seconds = *rc::gen::inRange<std::int64_t>(0, 253'402'300'799);
        RC_ASSERT(parse_attribute_meta_data(xml("a", "1", show_time(seconds)))->stamp.time == seconds);
    }));
}

}  // namespace fairway::ldap::replication_test
