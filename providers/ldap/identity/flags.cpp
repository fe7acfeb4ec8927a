// See flags.hpp.
#include "providers/ldap/identity/flags.hpp"

#include <array>
#include <bit>
#include <fmt/format.h>
#include <utility>
#include <vector>

#include "engine/base/text.hpp"

namespace fairway::ldap {
namespace {

// Names as in MS-ADTS 2.2.16 less their ADS_UF_; where it leaves a bit out or spells it in a way of its own
// ("account_disable"), as in the header iads.h, which the field knows.
constexpr std::array<std::pair<std::uint32_t, std::string_view>, 23> flag_table = {{
    {0x00000001, "script"},
    {0x00000002, "accountdisable"},
    {0x00000008, "homedir_required"},
    {0x00000010, "lockout"},
    {0x00000020, "passwd_notreqd"},
    {0x00000040, "passwd_cant_change"},
    {0x00000080, "encrypted_text_password_allowed"},
    {0x00000100, "temp_duplicate_account"},
    {0x00000200, "normal_account"},
    {0x00000800, "interdomain_trust_account"},
    {0x00001000, "workstation_trust_account"},
    {0x00002000, "server_trust_account"},
    {0x00010000, "dont_expire_passwd"},
    {0x00020000, "mns_logon_account"},
    {0x00040000, "smartcard_required"},
    {0x00080000, "trusted_for_delegation"},
    {0x00100000, "not_delegated"},
    {0x00200000, "use_des_key_only"},
    {0x00400000, "dont_require_preauth"},
    {0x00800000, "password_expired"},
    {0x01000000, "trusted_to_authenticate_for_delegation"},
    {0x02000000, "no_auth_data_required"},
    {0x04000000, "partial_secrets_account"},
}};

}  // namespace

std::optional<std::uint32_t> parse_flags(std::string_view text) {
    const auto number = text::number<std::int32_t>(text);
    if (!number) return std::nullopt;
    return static_cast<std::uint32_t>(*number);
}

std::string show_flags(std::uint32_t flags) { return std::to_string(static_cast<std::int32_t>(flags)); }

Set flag_names(std::uint32_t flags) {
    std::vector<std::string> names;
    for (const auto& [bit, name] : flag_table) {
        if ((flags & bit) == 0) continue;
        names.emplace_back(name);
        flags &= ~bit;
    }
    for (; flags != 0; flags &= flags - 1) names.push_back(fmt::format("0x{:x}", 1u << std::countr_zero(flags)));
    return Set(names);
}

}  // namespace fairway::ldap
