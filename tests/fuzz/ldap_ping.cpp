// A controller's answer to an LDAP ping: names that share their ends by pointers.
#include <map>

#include "engine/base/text.hpp"
#include "providers/ldap/controller/ping.hpp"
#include "tests/fuzz/law.hpp"

using namespace fairway;
using fairway::fuzz::law;

namespace {

const std::string ldap::Pong::*const names[] = {&ldap::Pong::forest,       &ldap::Pong::domain,     &ldap::Pong::host,
                                                &ldap::Pong::short_domain, &ldap::Pong::short_host, &ldap::Pong::user,
                                                &ldap::Pong::host_site,    &ldap::Pong::our_site};

// Each end of a name that has been written is pointed to, or none is.
std::string written(const ldap::Pong& pong, bool shortened) {
    std::string out = std::string("\x17\0", 2) + std::string(22, '\0');
    std::map<std::string, std::size_t, std::less<>> known;
    for (const auto member : names) {
        std::string_view rest = pong.*member;
        for (;;) {
            if (rest.empty()) {
                out += '\0';
                break;
            }
            if (const auto before = known.find(rest); shortened && before != known.end()) {
                out += static_cast<char>(0xC0 | before->second >> 8);
                out += static_cast<char>(before->second & 0xFF);
                break;
            }
            known.emplace(rest, out.size());
            const std::size_t size = std::min(rest.find('.'), rest.size());
            out += static_cast<char>(size);
            out += rest.substr(0, size);
            rest.remove_prefix(std::min(size + 1, rest.size()));
        }
    }
    return out + std::string("\x05\0\0\0\xff\xff\xff\xff", 8);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const auto pong = ldap::parse_pong(fuzz::text_of(data, size));
    if (!pong) {
        law(pong.error().code == Code::protocol && !pong.error().text.empty(), "a refusal has words");
        return 0;
    }
    for (const auto member : names) {
        const std::string& name = (*pong).*member;
        law(name.size() <= 255 && text::is_clean_line(name), "a name is short, and UTF-8 without control characters");
        law(name.empty() || (name.front() != '.' && name.back() != '.' && name.find("..") == std::string::npos),
            "no label is empty");
    }
    for (const bool shortened : {false, true}) {
        const auto again = ldap::parse_pong(written(*pong, shortened));
        law(again && *again == *pong, "an answer that is written anew says the same");
    }
    // Its last label is gone, and with it the end.
    law(!ldap::parse_pong(fuzz::text_of(data, 31)), "half an answer is none");
    return 0;
}
