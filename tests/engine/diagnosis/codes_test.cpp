// Which codes does an event carry, and how are they shown?
#include "engine/diagnosis/codes.hpp"

#include <doctest/doctest.h>

namespace fairway::codes_test {

using Codes = std::vector<std::uint32_t>;

TEST_CASE("codes: of parameters and message, each once") {
    LogEvent event;
    event.data = {{"", "HV02"}, {"", "%%2148074254"}, {"", "0x8009030E"}};
    event.message = "with 'HV02': 0x8009030E, then 0xDEAD0001";
    CHECK(codes_of(event) == Codes{0x8009030E, 0xDEAD0001});
    CHECK(show_code(0x8009030E) == "0x8009030E (SEC_E_NO_CREDENTIALS)");
    CHECK(show_code(0xDEAD0001) == "0xDEAD0001");
}

}  // namespace fairway::codes_test
