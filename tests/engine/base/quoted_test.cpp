// Which names of a text stand in quotes?
#include "engine/base/quoted.hpp"

#include <doctest/doctest.h>
#include <string>

namespace fairway::quoted_test {

using Names = std::vector<std::string_view>;

TEST_CASE("quoted: names in the quotes of several languages") {
    CHECK(quoted_names("to host 'HV05' of \"app 01\"") == Names{"HV05", "app 01"});
    CHECK(quoted_names("mit Host \u201eHV01\u201c, h\u00f4te \u00abHV02\u00bb, \u300cHV03\u300d, \u201cHV04\u201d") ==
          Names{"HV01", "HV02", "HV03", "HV04"});
    CHECK(quoted_names("it doesn't and won't start").empty());
    CHECK(quoted_names("don't move 'HV01'") == Names{"HV01"});
    CHECK(quoted_names("'never closed").empty());
    CHECK(quoted_names("'" + std::string(400, 'x') + "'").empty());
    CHECK(quoted_names("").empty());
}

}  // namespace fairway::quoted_test
