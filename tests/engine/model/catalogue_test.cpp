// Every row says all that it must say.
#include "engine/model/catalogue.hpp"

#include <array>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <utility>

#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"

namespace fairway::catalogue_test {

namespace {

// There and back, between values that differ.
std::array<std::pair<Value, Value>, 2> two_changes(const Setting& row) {
    const auto both = [](const Value& a, const Value& b) { return std::array{std::pair{a, b}, std::pair{b, a}}; };
    switch (row.type) {
        case Type::boolean: return both(false, true);
        case Type::integer: return both(row.least, row.most);
        case Type::word: return both(std::string(row.choices.front()), std::string(row.choices.back()));
        case Type::set: break;
    }
    return both(Set({"a"}), Set({"b"}));
}

}  // namespace

TEST_CASE("every row is complete") {
    std::set<std::string_view> names;
    for (const Setting* row : catalogue()) {
        INFO(row->name);
        CHECK(names.insert(row->name).second);
        CHECK(find_setting(row->name) == row);
        CHECK_FALSE(row->doc.empty());
        CHECK_FALSE(row->source.empty());
        CHECK((row->type != Type::set || !row->element.empty()));
        CHECK((row->type != Type::integer || row->least < row->most));
        CHECK((row->most_elements == 0) == row->capacity.empty());
        CHECK((row->many_elements < row->most_elements) == (row->most_elements > 0));
        if (row->access == Access::fact) continue;
        CHECK_FALSE(row->cmdlet.empty());
        CHECK(static_cast<bool>(row->command));
        CHECK_MESSAGE(row->rank > 0, "`rank`: when it is written among the settings of one object");
        CHECK_MESSAGE(row->disturbs.has_value(), "`disturbs`: whether a change could break a running migration");
        CHECK_MESSAGE((row->type == Type::integer) == !row->unit.empty(), "`unit`: what an integer counts");
        CHECK((row->undo == Undo::by_element) == (row->type == Type::set));
        CHECK_MESSAGE(
            (row->elements == ElementForm::plain) == (row->type != Type::set || row->access != Access::managed),
            "a set that rules can want says what its `elements` are");
        CHECK((row->type != Type::word || !row->choices.empty()));
    }
    CHECK(find_setting("migration.autentication") == nullptr);
}

TEST_CASE("every name of the headers stands in the table") {
    const std::regex form("extern const Setting ([a-z]+)_([a-z_]+);");
    std::set<std::string> declared;
    for (const auto& header : std::filesystem::directory_iterator(FAIRWAY_SOURCE_DIR "/engine/model")) {
        if (header.path().extension() != ".hpp") continue;
        std::ifstream in(header.path());
        for (std::string line; std::getline(in, line);) {
            std::smatch parts;
            if (!std::regex_match(line, parts, form)) continue;
            const std::string name = parts[1].str() + "." + parts[2].str();
            declared.insert(name);
            CHECK_MESSAGE(find_setting(name) != nullptr, "`rows` of ", header.path().stem().string(), ".cpp lacks ",
                          name);
        }
    }
    for (const Setting* row : catalogue())
        CHECK_MESSAGE(declared.contains(std::string(row->name)), "no header of engine/model declares ", row->name);
}

TEST_CASE("a row of a kind stands at its place") {
    for (const KindRow& row : all_kinds) CHECK(&row_of(row.kind) == &row);
}

TEST_CASE("a change is shown as the command it equals") {
    const auto command = [](const Setting& row, Value before, Value after) {
        return row.command(row, "HV01", before, after);
    };
    CHECK(command(setting::migration_enabled, false, true) == "Enable-VMMigration -ComputerName HV01");
    CHECK(command(setting::migration_authentication, std::string("credssp"), std::string("kerberos")) ==
          "Set-VMHost -ComputerName HV01 -VirtualMachineMigrationAuthenticationType Kerberos");
    CHECK(command(setting::migration_networks, Set({"10.9.0.0/16 metric 5"}), Set({"any"})) ==
          "Set-VMHost -ComputerName HV01 -UseAnyNetworkForMigration $true; "
          "Remove-VMMigrationNetwork -ComputerName HV01 10.9.0.0/16");
    CHECK(command(setting::delegation_services, Set({"o'brien/x"}), Set({"cifs/HV02"})) ==
          "Set-ADComputer HV01 -Add @{'msDS-AllowedToDelegateTo'='cifs/HV02'} "
          "-Remove @{'msDS-AllowedToDelegateTo'='o''brien/x'}");
}

// What `argument` is for: a command that several settings share names the one that changes.
TEST_CASE("a command names what it sets") {
    const std::regex nameless("-( |$)|''");
    for (const Setting* row : catalogue()) {
        if (row->access == Access::fact) continue;
        CAPTURE(row->name);
        for (const auto& [before, after] : two_changes(*row)) {
            const std::string shown = row->command(*row, "HV01", before, after);
            CHECK_MESSAGE(!std::regex_search(shown, nameless), "`argument` is missing: ", shown);
            CHECK(shown.find(row->argument) != std::string::npos);
        }
    }
}

TEST_CASE("the command that replaces a list names all that shall stand") {
    const auto command = [](std::string_view host, const Value& before, const Value& after) {
        const Setting& row = setting::delegation_allowed_principals;
        return row.command(row, host, before, after);
    };
    CHECK(command("HV01", Set({"HV02$"}), Set({"HV02$", "HV03$", "S-1-5-21-1-2-3-4"})) ==
          "Set-ADComputer HV01 -PrincipalsAllowedToDelegateToAccount 'HV02$','HV03$','S-1-5-21-1-2-3-4'");
    CHECK(command("HV01", Set({"HV02$"}), Set()) == "Set-ADComputer HV01 -PrincipalsAllowedToDelegateToAccount $null");
    CHECK(command("HV01", Set(), Set({"HV02$@other.example"})) ==
          "Set-ADComputer HV01 -PrincipalsAllowedToDelegateToAccount "
          "(Get-ADObject -Server other.example -LDAPFilter '(sAMAccountName=HV02$)')");
}

TEST_CASE("a name in a command is one text, whatever it holds") {
    // As it is shown of this domain, and within the filter that finds it in another.
    const struct {
        const char *name, *here, *there;
    } rows[] = {
        {"O'Brien$", "'O''Brien$'", "'(sAMAccountName=O''Brien$)'"},
        {"x') -or (a=*", "'x'') -or (a=*'", "'(sAMAccountName=x''\\29 -or \\28a=\\2a)'"},
        {"back\\slash", "'back\\slash'", "'(sAMAccountName=back\\5cslash)'"},
        // PowerShell ends a text at these as well: U+2018, U+2019, U+201A, U+201B.
        {"\u2018\u2019\u201a\u201b", "'\u2018\u2018\u2019\u2019\u201a\u201a\u201b\u201b'",
         "'(sAMAccountName=\u2018\u2018\u2019\u2019\u201a\u201a\u201b\u201b)'"},
        {"\u2017\u201c\u201d B\u00fcro \u20ac", "'\u2017\u201c\u201d B\u00fcro \u20ac'",
         "'(sAMAccountName=\u2017\u201c\u201d B\u00fcro \u20ac)'"},
        {"cut \xe2\x80", "'cut \xe2\x80'", "'(sAMAccountName=cut \xe2\x80)'"},
    };
    const std::string start = "Set-ADComputer HV01 -PrincipalsAllowedToDelegateToAccount ";
    const auto command = [](std::string_view host, const Value& before, const Value& after) {
        const Setting& row = setting::delegation_allowed_principals;
        return row.command(row, host, before, after);
    };
    for (const auto& [name, here, there] : rows) {
        CAPTURE(name);
        CHECK(command("HV01", Set(), Set({name})) == start + here);
        CHECK(command("HV01", Set(), Set({name + std::string("@other.example")})) ==
              start + "(Get-ADObject -Server other.example -LDAPFilter " + there + ")");
    }
}

}  // namespace fairway::catalogue_test
