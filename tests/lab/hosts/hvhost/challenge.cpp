// The message's places are MS-NLMP 2.2.1.2, the context's those of gss-ntlmssp's exported form (version 4).
#include "challenge.hpp"

#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace lab {
namespace {

constexpr std::size_t kFlagsAt = 20;
constexpr std::size_t kTargetInfo = 40;
constexpr std::uint32_t kOfDomain = 0x00010000;
constexpr std::uint32_t kOfServer = 0x00020000;
constexpr std::size_t kMechanism = 4 + 10;  // length and OID, which MIT's library puts before the mechanism's part
constexpr std::size_t kChallenge = kMechanism + 21;
constexpr std::string_view kEnd("\0\0\0\0", 4);

std::uint32_t number(const std::string& bytes, std::size_t at, std::size_t size) {
    std::uint32_t out = 0;
    for (std::size_t i = size; i-- > 0;) out = out << 8 | static_cast<unsigned char>(bytes.at(at + i));
    return out;
}

void put(std::string& bytes, std::size_t at, std::size_t size, std::size_t value) {
    for (std::size_t i = 0; i < size; ++i) bytes.at(at + i) = static_cast<char>(value >> 8 * i & 0xff);
}

void demand(bool holds, const char* what) {
    if (!holds) throw std::runtime_error(std::string("NTLM's library: ") + what);
}

std::string with_domain(std::string challenge, const std::string& domain) {
    const auto size = number(challenge, kTargetInfo, 2);
    const auto at = number(challenge, kTargetInfo + 4, 4);
    demand(at + size == challenge.size() && challenge.ends_with(kEnd), "its target information is not at the end");
    std::string pair(4, '\0');
    put(pair, 0, 2, 4);
    put(pair, 2, 2, 2 * domain.size());
    for (const char letter : domain) pair += {letter, '\0'};
    challenge.insert(challenge.size() - kEnd.size(), pair);
    for (const std::size_t field : {kTargetInfo, kTargetInfo + 2}) put(challenge, field, 2, size + pair.size());
    put(challenge, kFlagsAt, 4, (number(challenge, kFlagsAt, 4) & ~kOfServer) | kOfDomain);
    return challenge;
}

}  // namespace

std::string name_domain(gss_ctx_id_t& context, const std::string& challenge, const std::string& domain) {
    OM_uint32 minor = 0;
    gss_buffer_desc buffer = GSS_C_EMPTY_BUFFER;
    demand(gss_export_sec_context(&minor, &context, &buffer) == GSS_S_COMPLETE, "a context cannot be exported");
    std::string kept(static_cast<const char*>(buffer.value), buffer.length);
    gss_release_buffer(&minor, &buffer);
    const auto place = kept.find(challenge);
    demand(place != std::string::npos && number(kept, kChallenge + 4, 4) == challenge.size(), "an unknown form");
    const auto origin = place - number(kept, kChallenge, 4);
    const auto changed = with_domain(challenge, domain);
    put(kept, kChallenge, 4, kept.size() - origin);
    put(kept, kChallenge + 4, 4, changed.size());
    kept += changed;
    buffer = {kept.size(), kept.data()};
    demand(gss_import_sec_context(&minor, &buffer, &context) == GSS_S_COMPLETE, "a context cannot be imported");
    return changed;
}

}  // namespace lab
