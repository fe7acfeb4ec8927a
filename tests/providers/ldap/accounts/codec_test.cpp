// From attribute values to settings, and from a change to the modifications of one request.
#include "providers/ldap/accounts/codec.hpp"

#include <array>
#include <doctest/doctest.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/model/delegation_settings.hpp"

namespace fairway::ldap::codec_test {

using Values = std::vector<std::string>;

namespace {

const Modification::Kind plus = Modification::Kind::add, minus = Modification::Kind::remove;
const std::string delegation = "msDS-AllowedToDelegateTo", spn = "servicePrincipalName", uac = "userAccountControl";
const std::string mig = "Microsoft Virtual System Migration Service";

const Row& row_of(const Setting& setting) {
    const Row* row = find_row(&setting);
    REQUIRE(row);
    return *row;
}

Value set_of(Values elements) { return Set(std::move(elements)); }

Type type_of(Form form) {
    switch (form) {
        case Form::bit: return Type::boolean;
        case Form::folded:
        case Form::sid: return Type::word;
        case Form::set:
        case Form::slice:
        case Form::flags:
        case Form::acting: break;
    }
    return Type::set;
}

}  // namespace

TEST_CASE("every row is a setting of the directory, once") {
    for (const Row& row : rows()) {
        CHECK(row.setting->kind == Kind::computer);
        CHECK(find_row(row.setting) == &row);
        CAPTURE(row.setting->name);
        CHECK_MESSAGE(row.setting->source.find(row.attribute) != std::string_view::npos,
                      "the catalogue's `source` lacks the attribute ", row.attribute);
        CHECK_MESSAGE(type_of(row.form) == row.setting->type, "`form` yields another type");
        CHECK_MESSAGE((row.form == Form::bit) == (row.mask != 0), "`mask`: which bit");
        CHECK_MESSAGE((row.form == Form::slice) == !row.service_class.empty(), "`service_class`: which names");
    }
    for (const Setting* setting : catalogue())
        CHECK((find_row(setting) != nullptr) ==
              (setting->kind == Kind::computer && !setting->worked_out && !setting->of_caller));
}

TEST_CASE("attribute values become canonical values") {
    struct Case {
        const Setting& setting;
        Values values;
        Held held;
    };
    const std::array cases = {
        Case{setting::delegation_services, {}, Value(Set())},
        Case{setting::delegation_services,
             {"cifs/HV02", "MSSQLSvc/sql01:1433"},
             set_of({"MSSQLSvc/sql01:1433", "cifs/HV02"})},
        Case{setting::spn_migration,
             {"HOST/HV01", "microsoft virtual system migration service/hv01", mig + "/hv01.corp.example"},
             set_of({"microsoft virtual system migration service/hv01", mig + "/hv01.corp.example"})},
        Case{setting::spn_migration, {"HOST/HV01", mig, mig + " 2/HV01"}, Value(Set())},
        Case{setting::spn_migration, {std::string("HOST/\0", 6)}, Value(Set())},
        Case{setting::delegation_protocol_transition, {"16781312"}, Value(true)},
        Case{setting::delegation_protocol_transition, {"4096"}, Value(false)},
        Case{setting::delegation_unconstrained, {"528384"}, Value(true)},
        Case{setting::delegation_unconstrained, {"-1"}, Value(true)},
        Case{setting::account_dns_name, {"HV01.Corp.Example"}, Value(std::string("hv01.corp.example"))},
        Case{setting::account_dns_name, {}, Held()},
        Case{setting::account_sid,
             {std::string("\1\2\0\0\0\0\0\5\x20\0\0\0\x20\2\0\0", 16)},
             Value(std::string("S-1-5-32-544"))},
        Case{setting::account_flags, {"4098"}, set_of({"accountdisable", "workstation_trust_account"})},
    };
    for (const Case& c : cases) {
        CAPTURE(c.setting.name);
        const Result<Held> held = decode(row_of(c.setting), c.values);
        REQUIRE(held);
        CHECK(*held == c.held);
    }
}

TEST_CASE("values that cannot be kept are errors, not guesses") {
    struct Case {
        const Setting& setting;
        Values values;
        Code code;
    };
    const std::array cases = {
        Case{setting::delegation_services, {std::string("cifs/a\0b", 8)}, Code::protocol},
        Case{setting::delegation_services, {"cifs/HV02", ""}, Code::protocol},
        Case{setting::delegation_services, {"cifs/\xff"}, Code::protocol},
        Case{setting::delegation_services, {"cifs/a\nb"}, Code::protocol},
        Case{setting::delegation_services, {std::string(5000, 'x')}, Code::protocol},
        Case{setting::account_dns_name, {"a", "b"}, Code::protocol},
        Case{setting::account_sid, {}, Code::denied},
        Case{setting::account_sid, {"S-1-5-32-544"}, Code::protocol},
        Case{setting::delegation_unconstrained, {"4096", "4097"}, Code::protocol},
        Case{setting::delegation_unconstrained, {"4096x"}, Code::protocol},
        Case{setting::delegation_unconstrained, {}, Code::denied},
        Case{setting::account_flags, {}, Code::denied},
    };
    for (const Case& c : cases) {
        CAPTURE(c.setting.name);
        const Result<Held> held = decode(row_of(c.setting), c.values);
        REQUIRE_FALSE(held);
        CHECK(held.error().code == c.code);
    }
}

TEST_CASE("a change becomes exact modifications") {
    struct Case {
        const char* what;
        const Setting& setting;
        Value before, after;
        Values current;
        std::vector<Modification> modifications;
    };
    const std::array cases = {
        Case{"add to nothing",
             setting::delegation_services,
             set_of({}),
             set_of({"cifs/HV02"}),
             {},
             {{plus, delegation, {"cifs/HV02"}}}},
        Case{"one goes, in the spelling that is there, one comes",
             setting::delegation_services,
             set_of({"cifs/HV03", "x/y"}),
             set_of({"x/y", "cifs/HV02"}),
             {"x/y", "CIFS/hv03"},
             {{minus, delegation, {"CIFS/hv03"}}, {plus, delegation, {"cifs/HV02"}}}},
        Case{"what the change does not name stays, though it came since",
             setting::delegation_services,
             set_of({"a/b"}),
             set_of({"a/b", "c/d"}),
             {"a/b", "MSSQLSvc/new"},
             {{plus, delegation, {"c/d"}}}},
        Case{"what both sides name may be gone",
             setting::delegation_services,
             set_of({"a/b"}),
             set_of({"a/b", "c/d"}),
             {},
             {{plus, delegation, {"c/d"}}}},
        Case{"the last one goes",
             setting::delegation_services,
             set_of({"a/b"}),
             set_of({}),
             {"a/b"},
             {{minus, delegation, {"a/b"}}}},
        Case{"two spellings of one, as Samba allows",
             setting::delegation_services,
             set_of({"CIFS/hv02", "cifs/HV02"}),
             set_of({}),
             {"cifs/HV02", "CIFS/hv02"},
             {{minus, delegation, {"cifs/HV02", "CIFS/hv02"}}}},
        Case{"another spelling",
             setting::delegation_services,
             set_of({"cifs/HV02"}),
             set_of({"CIFS/hv02"}),
             {"cifs/HV02"},
             {{minus, delegation, {"cifs/HV02"}}, {plus, delegation, {"CIFS/hv02"}}}},
        Case{"another spelling, which is there by now",
             setting::delegation_services,
             set_of({"cifs/HV02"}),
             set_of({"CIFS/hv02"}),
             {"CIFS/hv02"},
             {}},
        Case{"other services' names stay",
             setting::spn_migration,
             set_of({}),
             set_of({mig + "/HV01"}),
             {"HOST/HV01", "WSMAN/HV01"},
             {{plus, spn, {mig + "/HV01"}}}},
        Case{"one bit on",
             setting::delegation_protocol_transition,
             false,
             true,
             {"4098"},
             {{minus, uac, {"4098"}}, {plus, uac, {"16781314"}}}},
        Case{"one bit off, the rest as it is now",
             setting::delegation_unconstrained,
             true,
             false,
             {"17305602"},
             {{minus, uac, {"17305602"}}, {plus, uac, {"16781314"}}}},
        Case{"beside the sign",
             setting::delegation_unconstrained,
             false,
             true,
             {"-2147479552"},
             {{minus, uac, {"-2147479552"}}, {plus, uac, {"-2146955264"}}}},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        const auto made = encode(row_of(c.setting), c.before, c.after, c.current);
        REQUIRE(made);
        CHECK(*made == c.modifications);
    }
}

TEST_CASE("a change that does not fit what is there is refused, and says why") {
    struct Case {
        const char* what;
        const Setting& setting;
        Value before, after;
        Values current;
        Code code;
        const char* says;
    };
    const std::array cases = {
        Case{"gone",
             setting::delegation_services,
             set_of({"a/b"}),
             set_of({}),
             {"c/d"},
             Code::stale,
             "no longer there: a/b"},
        Case{"there already, in another spelling",
             setting::delegation_services,
             set_of({}),
             set_of({"a/b"}),
             {"A/B"},
             Code::stale,
             "there already: a/b"},
        Case{"both",
             setting::delegation_services,
             set_of({"a/b"}),
             set_of({"c/d"}),
             {"c/d"},
             Code::stale,
             "no longer there: a/b; there already: c/d"},
        Case{"respelled and gone",
             setting::delegation_services,
             set_of({"a/b"}),
             set_of({"A/b"}),
             {},
             Code::stale,
             "no longer there"},
        Case{"bit is on already", setting::delegation_unconstrained, false, true, {"528384"}, Code::stale, "`yes` now"},
        Case{"bit is off already", setting::delegation_unconstrained, true, false, {"4096"}, Code::stale, "`no` now"},
        Case{"hidden flags", setting::delegation_unconstrained, false, true, {}, Code::denied, "not shown"},
        Case{"outside of the slice",
             setting::spn_migration,
             set_of({}),
             set_of({"HOST/HV01"}),
             {},
             Code::bad_input,
             "HOST/HV01"},
        Case{"no text", setting::delegation_services, set_of({}), set_of({"a\nb"}), {}, Code::bad_input, "value of"},
        Case{"wrong type", setting::delegation_services, true, false, {}, Code::bad_input, "set"},
        Case{"wrong type of bit",
             setting::delegation_unconstrained,
             set_of({}),
             true,
             {"1"},
             Code::bad_input,
             "boolean"},
        Case{"a fact", setting::account_flags, set_of({}), set_of({"x"}), {}, Code::refused, "only read"},
        Case{"a fact", setting::account_dns_name, std::string("a"), std::string("b"), {}, Code::refused, "only read"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        const auto made = encode(row_of(c.setting), c.before, c.after, c.current);
        REQUIRE_FALSE(made);
        CHECK(made.error().code == c.code);
        CHECK_MESSAGE(made.error().text.find(c.says) != std::string::npos, made.error().text);
    }
}

}  // namespace fairway::ldap::codec_test
