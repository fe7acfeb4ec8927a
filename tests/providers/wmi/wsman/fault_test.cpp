// Is every cause of failures that the tables have explained, once, with what to do?
#include "providers/wmi/wsman/fault.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <set>

namespace fairway::wmi::fault_test {
namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

void complete(std::span<const CodeRow> rows) {
    std::set<std::uint32_t> codes;
    for (const CodeRow& row : rows) {
        CAPTURE(row.code);
        CHECK(codes.insert(row.code).second);
        CHECK_FALSE(row.what.empty());
        CHECK_MESSAGE((!row.todo.empty() || row.means == Code::denied), "its row does not say what to do");
        CHECK((!row.busy || row.means == Code::unreachable));
    }
}

}  // namespace

TEST_CASE("faults: every code of a request is explained by its row") {
    complete(request_codes());
    for (const CodeRow& row : request_codes()) {
        CAPTURE(row.code);
        const Fault fault{"Receiver", "InternalError", "Unbekannter Fehler", {}, {{row.code, "host's words"}}};
        const Error error = explain(fault, "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service");
        CHECK(error.code == row.means);
        CHECK(has(error.text, row.what));
        CHECK(has(error.text, "host's words"));
        CHECK(has(error.text, row.todo));
        CHECK(is_busy(fault) == row.busy);
    }
}

TEST_CASE("faults: every code that a move ends with is explained by its row") {
    complete(move_codes());
    for (const CodeRow& row : move_codes()) {
        const Error error = explain_failure("the move", fmt::format("Fehler (0x{:08X})", row.code), 32768);
        CAPTURE(error.text);
        CHECK(error.code == row.means);
        CHECK(has(error.text, row.what));
        CHECK(has(error.text, row.todo));
    }
}

TEST_CASE("faults: a code beside the quotas is no quota, and a quota of a provider behind WinRM is none of WinRM") {
    const auto busy = [](std::vector<Cause> causes) {
        return is_busy({"Receiver", "InternalError", {}, {}, std::move(causes)});
    };
    CHECK(busy({{0x803381A6, {}}}));
    CHECK_FALSE(busy({{0x803381A9, {}}}));
    CHECK_FALSE(busy({{0x80338102, {}}, {0x803381A6, {}}}));
}

}  // namespace fairway::wmi::fault_test
