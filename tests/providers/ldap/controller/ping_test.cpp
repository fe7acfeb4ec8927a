// What an LDAP ping asks, and what is read of its answer: Samba 4.17's own answers, and such as none would give.
#include "providers/ldap/controller/ping.hpp"

#include <doctest/doctest.h>

#include "tests/providers/ldap/hex.hpp"

namespace fairway::ldap::ping_test {

namespace {

// DC01 and DC02 of the lab, to a machine in Stockholm.
const std::string first = from_hex(
    "17 00 00 00 bd 11 00 00 be c9 41 c8 b8 ac 58 4d 9f 95 77 38 0d 11 e9 37 04 63 6f 72 70 07 65 78 61 6d 70 6c 65 00 "
    "c0 18 04 64 63 30 31 c0 18 04 43 4f 52 50 00 04 44 43 30 31 00 00 09 53 74 6f 63 6b 68 6f 6c 6d 00 c0 3c "
    "05 00 00 00 ff ff ff ff");
const std::string second = from_hex(
    "17 00 00 00 3c 11 00 00 be c9 41 c8 b8 ac 58 4d 9f 95 77 38 0d 11 e9 37 04 63 6f 72 70 07 65 78 61 6d 70 6c 65 00 "
    "c0 18 04 64 63 30 32 c0 18 04 43 4f 52 50 00 04 44 43 30 32 00 00 17 44 65 66 61 75 6c 74 2d 46 69 72 73 74 2d 53 "
    "69 74 65 2d 4e 61 6d 65 00 09 53 74 6f 63 6b 68 6f 6c 6d 00 05 00 00 00 ff ff ff ff");

const std::string head = first.substr(0, 24), tail = first.substr(first.size() - 8);

// Eight names, the last one as given.
std::string ending_with(const std::string& our_site) { return head + std::string(7, '\0') + our_site + tail; }

std::string label(const std::string& text) { return std::string(1, static_cast<char>(text.size())) + text; }
std::string pointer(std::size_t to) { return {static_cast<char>(0xC0 | to >> 8), static_cast<char>(to & 0xFF)}; }
const std::string end(1, '\0');

}  // namespace

TEST_CASE("a ping asks about one domain, for the answer that names sites") {
    CHECK(ping_of("corp.example").text() == "(&(DnsDomain=corp.example)(NtVer=\\06\\00\\00\\00))");
    CHECK(ping_of("a)(b=*").text() == "(&(DnsDomain=a\\29\\28b=\\2a)(NtVer=\\06\\00\\00\\00))");
}

TEST_CASE("what real controllers answer") {
    const auto one = parse_pong(first), two = parse_pong(second);
    REQUIRE(one);
    REQUIRE(two);
    CHECK(*one ==
          Pong{"corp.example", "corp.example", "dc01.corp.example", "CORP", "DC01", "", "Stockholm", "Stockholm"});
    CHECK(*two == Pong{"corp.example", "corp.example", "dc02.corp.example", "CORP", "DC02", "",
                       "Default-First-Site-Name", "Stockholm"});
}

TEST_CASE("no beginning of an answer is one") {
    for (const std::string& whole : {first, second})
        for (std::size_t size = 0; size < whole.size(); ++size) {
            CAPTURE(size);
            CHECK_FALSE(parse_pong(whole.substr(0, size)));
        }
}

TEST_CASE("names as a server may shorten them") {
    const std::size_t at = 24 + 7;  // where the last name begins
    const auto our_site = [](const std::string& name) {
        const auto read = parse_pong(ending_with(name));
        return read ? read->our_site : "refused: " + read.error().text;
    };
    CHECK(our_site(end) == "");
    CHECK(our_site(label("Oslo") + end) == "Oslo");
    CHECK(our_site(label("a") + label("b") + end) == "a.b");
    CHECK(our_site(pointer(24)) == "");                              // an empty name before
    CHECK(our_site(label("Oslo") + pointer(at - 1)) == "Oslo");      // its rest is empty
    CHECK(our_site(label("\xc3\x85rhus") + end) == "\xc3\x85rhus");  // UTF-8
    const std::string longest = label(std::string(63, 'x')) + label(std::string(63, 'x')) + label(std::string(63, 'x'));
    CHECK(our_site(longest + label(std::string(63, 'x')) + end).size() == 255);
    // What was not asked for may stand before the end.
    CHECK(parse_pong(head + std::string(8, '\0') + std::string(17, 'a') + tail));
    // A pointer to a pointer, each further back.
    const std::string chain =
        head + label("one") + end + pointer(24) + pointer(29) + pointer(31) + std::string(3, '\0') + pointer(33) + tail;
    const auto read = parse_pong(chain);
    REQUIRE(read);
    CHECK(*read == Pong{"one", "one", "one", "one", "", "", "", "one"});
}

TEST_CASE("what cannot be read is refused") {
    const std::size_t at = 24 + 7;
    const auto refused = [](const std::string& bytes) {
        const auto read = parse_pong(bytes);
        return !read && read.error().code == Code::protocol && !read.error().text.empty();
    };
    CHECK(refused(ending_with(pointer(at))));               // itself
    CHECK(refused(ending_with(pointer(at + 2) + end)));     // forward
    CHECK(refused(ending_with(label("a") + pointer(at))));  // its own beginning
    CHECK(refused(ending_with(pointer(0))));                // before the names
    CHECK(refused(ending_with(pointer(23))));
    CHECK(refused(ending_with(pointer(16383))));                                    // beyond the end
    CHECK(refused(ending_with(std::string("\x40") + std::string(64, 'x') + end)));  // neither a length nor a pointer
    CHECK(refused(ending_with(std::string("\x80") + end)));
    CHECK(
        refused(ending_with("\x3f"
                            "short")));               // a label longer than what is there
    CHECK(refused(ending_with("\xc0")));              // half a pointer, made whole by the tail
    CHECK(refused(ending_with(label("a.b") + end)));  // a dot within
    CHECK(refused(ending_with(label("a\nb") + end)));
    CHECK(refused(ending_with(label(std::string("a\0b", 3)) + end)));
    CHECK(refused(ending_with(label("\xff") + end)));  // no UTF-8
    std::string long_name;
    for (int i = 0; i < 5; ++i) long_name += label(std::string(60, 'x'));
    CHECK(refused(ending_with(long_name + end)));
    CHECK(refused(head + label("a") + end + label("b") + pointer(24 + 3) + std::string(6, '\0') +
                  tail));                            // b, and b again
    CHECK(refused(ending_with(end).substr(0, 32)));  // no end
    CHECK(refused(ending_with(end) + "x"));          // something behind it
    CHECK(refused(head + std::string(5000, '\0') + tail));
    for (const char operation :
         {'\0', '\x13', '\x15', '\x18', '\x19'}) {  // of older kinds; paused; whom we asked for is unknown
        std::string other = first;
        other[0] = operation;
        CHECK(refused(other));
    }
    std::string other = first;
    other[1] = 1;
    CHECK(refused(other));
    other = first;
    other[2] = 1;  // must be zero
    CHECK(refused(other));
}

}  // namespace fairway::ldap::ping_test
