// Does every row of the tables say all that it must, and does each code, event and answer of a KDC lead to its cause?
#include "engine/diagnosis/cause_table.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <set>

#include "engine/diagnosis/diagnose.hpp"
#include "engine/paths/conditions.hpp"

namespace fairway::cause_table_test {

namespace {

bool is_cause(std::string_view id) {
    return std::any_of(cause_table().begin(), cause_table().end(), [&](const CauseRow& row) { return row.id == id; });
}

LogEvent event_of(std::string_view provider, std::uint32_t id) {
    LogEvent out;
    out.provider = fmt::format("Microsoft-Windows-{}", provider);
    out.channel = "c";
    out.computer = "hv01.corp.example";
    out.id = id;
    out.level = 2;
    out.time_us = 1'790'000'000'000'000;
    return out;
}

std::string first(const LogEvent& event) {
    const std::vector<LogEvent> all = {event};
    const Diagnosis out = diagnose(all, std::vector<std::string>{"HV01", "HV02"});
    return out.causes.empty() ? "" : std::string(out.causes.front().row->id);
}

}  // namespace

TEST_CASE("causes: each row is whole, its id stands once, and its family and condition exist") {
    std::set<std::string_view> ids, named;
    for (const ConditionRow& row : conditions()) named.insert(row.name);
    for (const CauseRow& row : cause_table()) {
        CAPTURE(row.id);
        CHECK(ids.insert(row.id).second);
        CHECK(row.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos);
        CHECK_FALSE(row.says.empty());
        CHECK_FALSE(row.fix.empty());
        CHECK((row.family.empty() || is_cause(row.family)));
        CHECK(&cause_row(row.id) == &row);
    }
    for (const std::string_view condition : named)
        CHECK_MESSAGE(cause_of_condition(condition, true) != nullptr, "no cause has the condition ", condition);
    CHECK(cause_of_condition("", true) == nullptr);
    CHECK(cause_of_condition("no such condition", false) == nullptr);
}

TEST_CASE("causes: each code leads to its cause, alone in an event of Hyper-V or WinRM") {
    std::set<std::uint32_t> codes;
    for (const CodeCause& row : code_table()) {
        CAPTURE(row.symbol);
        CHECK(codes.insert(row.code).second);
        CHECK_FALSE(row.symbol.empty());
        if (row.cause.empty()) continue;
        CHECK(is_cause(row.cause));
        CHECK_FALSE(row.source.empty());
        const bool of_winrm = row.cause.starts_with("winrm");
        LogEvent event = of_winrm ? event_of("WinRM", 142) : event_of("Hyper-V-VMMS", 20306);
        event.data = {{"", "HV02"}, {"", fmt::format("%%{}", row.code)}, {"", fmt::format("0x{:08X}", row.code)}};
        CHECK(first(event) == row.cause);
    }
}

TEST_CASE("causes: each event leads to its cause, and what is noise or a frame leads to none") {
    std::set<std::pair<std::string_view, std::uint32_t>> events;
    for (const EventRow& row : event_table()) {
        CAPTURE(row.provider);
        CAPTURE(row.id);
        CHECK(events.insert({row.provider, row.id}).second);
        CHECK((row.cause.empty() || is_cause(row.cause)));
        CHECK((row.role == Role::says) <= !row.cause.empty());
        LogEvent event = event_of(row.provider, row.id);
        if (!row.needs.empty()) {
            CHECK(first(event).empty());
            event.data.push_back({"Parameter0", std::string(row.needs)});
        }
        CHECK(first(event) == row.cause);
        event.data.push_back({"", "0x8009030E"});
        if (row.role == Role::noise || row.role == Role::silent || row.role == Role::start || row.role == Role::done)
            CHECK(first(event).empty());
        if (row.role == Role::carries) CHECK(first(event) == "auth-delegation");
    }
}

TEST_CASE("causes: each answer of a KDC leads to its cause, for services that moves need") {
    const auto ticket = [](std::uint32_t status, const char* service) {
        LogEvent event = event_of("Security-Auditing", 4769);
        event.level = 0;
        for (const std::string& value :
             {std::string("HV01$@CORP.EXAMPLE"), std::string("CORP.EXAMPLE"), std::string(service),
              std::string("S-1-0-0"), std::string("0x40830000"), std::string("0xffffffff"), std::string("::1"),
              std::string("1"), fmt::format("0x{:x}", status)})
            event.data.push_back({"", value});
        return event;
    };
    for (const KdcRow& row : kdc_table()) {
        CAPTURE(row.symbol);
        CHECK((row.cause.empty() || is_cause(row.cause)));
        CHECK(first(ticket(row.status, "Microsoft Virtual System Migration Service/HV02")) == row.cause);
        CHECK(first(ticket(row.status, "cifs/hv02.corp.example")) == row.cause);
        CHECK(first(ticket(row.status, "MSSQLSvc/db01")).empty());
    }
    CHECK(first(ticket(0, "cifs/hv02")).empty());
    CHECK(first(ticket(0x1b, "cifs/hv02")).empty());
}

}  // namespace fairway::cause_table_test
