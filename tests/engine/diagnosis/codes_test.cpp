// In which of the ways that Windows writes codes is one found, and what is none?
#include "engine/diagnosis/codes.hpp"

#include <doctest/doctest.h>

#include "engine/diagnosis/cause_table.hpp"

using namespace fairway;
using Codes = std::vector<std::uint32_t>;

TEST_CASE("codes: every way of writing one") {
    const char* ways[] = {"0x8009030E", "0x8009030e", "0X8009030E", "(0x8009030E)", "8009030E", "2148074254", "-2146893042",
                          "%%2148074254", "no credentials (0x8009030E).", "ログオンは許されていません。(0x8009030E)",
                          "code 0x8009030E.", "l'erreur 0x8009030E, l'autre"};
    for (const char* text : ways) {
        CAPTURE(text);
        CHECK(codes_in(text) == Codes{0x8009030E});
    }
    CHECK(codes_in("0x000013AB") == Codes{0x000013AB});
    CHECK(codes_in("0x00000001, then 0x80048054 and 0x00000001") == Codes{0x00000001, 0x80048054});
}

TEST_CASE("codes: what is none") {
    const char* none[] = {"",
                          "0",
                          "0x0",
                          "0x",
                          "20261128",
                          "1795831742",
                          "DEADBEEF",
                          "1E7EA419-51C9-480A-BCE2-A5AE8306D03B",
                          "80070005-51C9-480A-BCE2-A5AE8306D03B",
                          "VM '0x8009030E' started",
                          "VM „0x8009030E“ gestartet",
                          "VM-80070534",
                          "srv80070534",
                          "\\\\filer\\0x80070005",
                          "0x1234567890",
                          "-99999999999",
                          "%%",
                          "99999999999999999999"};
    for (const char* text : none) {
        CAPTURE(text);
        CHECK(codes_in(text).empty());
    }
}

TEST_CASE("codes: of parameters and message, each once") {
    Event event;
    event.data = {{"", "HV02"}, {"", "%%2148074254"}, {"", "0x8009030E"}};
    event.message = "with 'HV02': 0x8009030E, then 0xDEAD0001";
    CHECK(codes_of(event) == Codes{0x8009030E, 0xDEAD0001});
    CHECK(show_code(0x8009030E) == "0x8009030E (SEC_E_NO_CREDENTIALS)");
    CHECK(show_code(0xDEAD0001) == "0xDEAD0001");
}
