// Does a rollback say of each write that may still arrive which one it is, and what to do?
#include <doctest/doctest.h>

#include "engine/base/json.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/report/late.hpp"

namespace fairway::report::late_test {

TEST_CASE("late: a line for each, and how to look again") {
    const std::vector<Address> late = {{"HV01", &setting::migration_max_live}, {"HV02", &setting::delegation_services}};
    CHECK(late_text({}, "2026-11-22-01", {}).empty());
    const std::string text = late_text(late, "2026-11-22-01", {});
    for (const char* part : {"! migration.max_live of HV01: ", "may still arrive", "`Restart-Service WinRM` on HV01",
                             "! delegation.services of HV02: ", "fairway rollback 2026-11-22-01\n"})
        CHECK_MESSAGE(text.find(part) != std::string::npos, part);
    CHECK(text.find("WinRM` on HV02") == std::string::npos);  // the directory is no host
    CHECK(late_json(late).dump() == R"([{"object":"HV01","kind":"host","setting":"migration.max_live"},)"
                                    R"({"object":"HV02","kind":"computer","setting":"delegation.services"}])");
}

}  // namespace fairway::report::late_test
