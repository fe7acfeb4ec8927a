// In which of the ways that Windows writes codes is one found, and what is none?
#include "engine/base/error_codes.hpp"

#include <doctest/doctest.h>

namespace fairway::error_codes_test {

using Codes = std::vector<std::uint32_t>;

namespace {

bool known(std::uint32_t code) { return code == 0x8009030E || code == 0x80070005 || code == 0x80070534; }

Codes found(std::string_view text) { return codes_in(text, known); }

}  // namespace

TEST_CASE("codes: every way of writing one") {
    const char* ways[] = {"0x8009030E",
                          "0x8009030e",
                          "0X8009030E",
                          "(0x8009030E)",
                          "8009030E",
                          "2148074254",
                          "-2146893042",
                          "%%2148074254",
                          "no credentials (0x8009030E).",
                          "ログオンは許されていません。(0x8009030E)",
                          "code 0x8009030E.",
                          "'General error' ('0x8009030E')",
                          "l'erreur 0x8009030E, l'autre"};
    for (const char* text : ways) {
        CAPTURE(text);
        CHECK(found(text) == Codes{0x8009030E});
    }
    CHECK(found("0x000013AB") == Codes{0x000013AB});
    CHECK(found("0x00000001, then 0x80048054 and 0x00000001") == Codes{0x00000001, 0x80048054});
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
        CHECK(found(text).empty());
    }
}

}  // namespace fairway::error_codes_test
