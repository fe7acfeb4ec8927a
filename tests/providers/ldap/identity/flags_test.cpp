// userAccountControl as a number, as text and as names.
#include "providers/ldap/identity/flags.hpp"

#include <array>
#include <doctest/doctest.h>

namespace fairway::ldap::flags_test {

TEST_CASE("flags have names, and an unknown one shows as its number") {
    struct Row {
        std::uint32_t flags;
        std::vector<std::string> names;
    };
    const std::array rows = {
        Row{0, {}},
        Row{0x1000, {"workstation_trust_account"}},
        Row{0x1001000, {"trusted_to_authenticate_for_delegation", "workstation_trust_account"}},
        Row{0x82000, {"server_trust_account", "trusted_for_delegation"}},
        Row{0x100202, {"accountdisable", "normal_account", "not_delegated"}},
        // A read-only controller (MS-ADTS 2.2.16): an account that must not take part as a host.
        Row{0x5001000,
            {"partial_secrets_account", "trusted_to_authenticate_for_delegation", "workstation_trust_account"}},
        Row{0x80001004, {"0x4", "0x80000000", "workstation_trust_account"}},
    };
    for (const Row& row : rows) CHECK(flag_names(row.flags) == Set(row.names));
    CHECK(flag_names(0xffffffff).size() == 32);
}

TEST_CASE("flags are read strictly and written as a signed number") {
    struct Row {
        std::string_view text;
        std::optional<std::uint32_t> flags;
    };
    const std::array rows = {
        Row{"4096", 0x1000},
        Row{"0", 0},
        Row{"-2147483648", 0x80000000},
        Row{"-1", 0xffffffff},
        Row{"2147483648", {}},
        Row{"", {}},
        Row{" 4096", {}},
        Row{"4096 ", {}},
        Row{"0x1000", {}},
        Row{"+1", {}},
        Row{"4096.0", {}},
        Row{"99999999999", {}},
        Row{std::string_view("4\0", 2), {}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK(parse_flags(row.text) == row.flags);
    }
    CHECK(show_flags(0x1001000) == "16781312");
    CHECK(show_flags(0x80000000) == "-2147483648");
}

}  // namespace fairway::ldap::flags_test
