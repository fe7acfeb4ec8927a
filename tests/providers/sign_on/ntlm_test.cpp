// Is a domain read from an NTLM CHALLENGE only where the message is whole, and of the right kind?
#include "providers/sign_on/ntlm.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

namespace fairway::ntlm_test {
namespace {

std::string little(std::uint32_t value, int size) {
    std::string out;
    for (; size-- > 0; value >>= 8) out += static_cast<char>(value & 0xff);
    return out;
}

std::string wide(std::string_view name) {
    std::string out;
    for (const char c : name) out += std::string{c, '\0'};
    return out;
}

std::string pair(std::uint32_t id, const std::string& value) {
    return little(id, 2) + little(static_cast<std::uint32_t>(value.size()), 2) + value;
}

const std::string time_stamp = pair(7, std::string(8, 'T')), last = pair(0, "");
constexpr std::uint32_t domain_flags = 0x00810201;

// As a server of Windows sends it: target name, then the pairs.
std::string challenge(const std::string& pairs, std::uint32_t flags = domain_flags) {
    const std::string target = wide("CORP");
    const auto size = static_cast<std::uint32_t>(target.size()), of_pairs = static_cast<std::uint32_t>(pairs.size());
    return std::string("NTLMSSP\0", 8) + little(2, 4) + little(size, 2) + little(size, 2) + little(56, 4) +
           little(flags, 4) + "CHALLENG" + std::string(8, '\0') + little(of_pairs, 2) + little(of_pairs, 2) +
           little(56 + size, 4) + std::string("\x0a\0\x7c\x4f\0\0\0\x0f", 8) + target + pairs;
}

std::string usual(const std::string& domain, const std::string& computer = "hv01.corp.example") {
    return pair(2, wide("CORP")) + pair(1, wide("HV01")) + pair(4, wide(domain)) + pair(3, wide(computer)) +
           pair(5, wide("corp.example")) + time_stamp + last;
}

}  // namespace

TEST_CASE("ntlm: the domain that a whole challenge names") {
    CHECK(ntlm::domain_of(challenge(usual("Corp.Example"))) == "corp.example");
    CHECK(ntlm::domain_of(challenge(usual("corp.example") + "rubbish behind the end")) == "corp.example");
    CHECK(ntlm::domain_of(challenge(pair(4, wide("a.b")) + pair(9, "\x01\x02") + time_stamp + last)) == "a.b");
}

TEST_CASE("ntlm: a challenge that its library would not survive") {
    constexpr std::uint32_t a_server = 0x00820201, a_share = 0x00840201, nothing = 0x00800201;
    const auto nameless = [](std::uint32_t flags) {
        std::string out = challenge(usual("corp.example"), flags);
        out[12] = out[14] = '\0';
        return out;
    };
    for (const std::uint32_t flags : {domain_flags, a_server, domain_flags | a_server}) {
        CHECK_FALSE(ntlm::names_what_it_says(nameless(flags)));
        CHECK_FALSE(ntlm::names_what_it_says("\xa1\x10 in SPNEGO NTLMSSP " + nameless(flags) + "\xa3"));
        CHECK(ntlm::names_what_it_says(challenge(usual("corp.example"), flags)));
    }
    for (const std::uint32_t flags : {a_share, nothing}) CHECK(ntlm::names_what_it_says(nameless(flags)));
    std::string first = nameless(domain_flags);
    first[8] = 1;  // another message
    for (const std::string& other :
         {std::string(), std::string("NTLMSSP\0", 8), nameless(domain_flags).substr(0, 23), first})
        CHECK(ntlm::names_what_it_says(other));
}

TEST_CASE("ntlm: what names no domain that is to be believed") {
    const std::string name = pair(4, wide("corp.example"));
    const std::string good = usual("corp.example");
    const std::vector<std::string> rows = {
        "",
        challenge(""),
        challenge(last),
        challenge(time_stamp + last),  // no domain
        challenge(name + last),        // no time, so no code over the message
        challenge(name + pair(7, "short") + last),
        challenge(name + time_stamp),                 // no end
        challenge(name + time_stamp + pair(0, "x")),  // an end that holds something
        challenge(name + name + time_stamp + last),   // twice
        challenge(name + pair(7, std::string(8, 'U')) + time_stamp + last),
        challenge(time_stamp + little(4, 2) + little(500, 2) + wide("corp.example") + last),  // longer than there is
        challenge(time_stamp + pair(4, "corp.example!") + last),                              // odd
        challenge(time_stamp + pair(4, "corp.example") + last),                               // not UTF-16
        challenge(usual("")),
        challenge(usual("workgroup")),
        challenge(usual(".corp.example")),
        challenge(usual("corp.example.")),
        challenge(usual("corp..example")),
        challenge(usual("corp.example\nfake: 1")),
        challenge(usual("corp\x1b.example")),
        challenge(usual("corp.ex\xe4mple")),
        challenge(usual(std::string(130, 'a') + "." + std::string(130, 'b'))),
        challenge(time_stamp + pair(4, wide("corp.exampl") + "\xb0\x06") + last),  // Arabic, not ASCII
        challenge(usual("hv01.corp.example", "HV01.corp.example")),                // in no domain, so it names itself
        challenge(good, domain_flags & ~0x00800000u),                              // says that it has no pairs
        challenge(good, domain_flags & ~0x00010000u),
        challenge(good, (domain_flags & ~0x00010000u) | 0x00020000u),
        challenge(good, domain_flags | 0x00020000u),
        challenge(usual("corp.example") + std::string(20000, 'x')),
    };
    for (std::size_t i = 0; i < rows.size(); ++i) CHECK_MESSAGE(ntlm::domain_of(rows[i]).empty(), i);
    std::string many;
    for (std::uint32_t id = 100; id < 140; ++id) many += pair(id, "");
    CHECK(ntlm::domain_of(challenge(many + good)).empty());
}

TEST_CASE("ntlm: cut or changed anywhere, a challenge is read in bounds") {
    const std::string good = challenge(usual("corp.example"));
    for (std::size_t size = 0; size + 4 < good.size(); ++size)
        CHECK_MESSAGE(ntlm::domain_of(std::string(good.data(), size)).empty(), size);
    std::string other = good;
    other[8] = 3;  // AUTHENTICATE
    CHECK(ntlm::domain_of(other).empty());
    for (const std::uint32_t at : {0u, 47u, 0xffffffffu, 0x80000000u, static_cast<std::uint32_t>(good.size())}) {
        std::string moved = good;
        moved.replace(44, 4, little(at, 4));
        CHECK(ntlm::domain_of(moved).empty());
    }
    std::string longer = good;
    longer.replace(40, 2, little(0xffff, 2));
    CHECK(ntlm::domain_of(longer).empty());
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (const int bits : {0x01, 0x80, 0xff}) {
            std::string changed = good;
            changed[at] = static_cast<char>(changed[at] ^ bits);
            const std::string domain = ntlm::domain_of(changed);
            CHECK(domain.size() <= 255);
        }
    }
}

}  // namespace fairway::ntlm_test
