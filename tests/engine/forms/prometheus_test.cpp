// Do metrics count what the result has, for each host and severity and no finer, with labels that are escaped?
#include "engine/forms/prometheus.hpp"
#include "engine/base/json.hpp"

#include <doctest/doctest.h>

namespace fairway::prometheus_test {

TEST_CASE("prometheus: findings are counted for each host and severity, and labels are escaped") {
    Json result = {{"command", "audit"},        {"estate", "a\"b\\c\n"}, {"exit", 2},
                   {"findings", Json::array()}, {"all_read", true},      {"time", "1970-01-01T00:01:00Z"}};
    for (const char* setting : {"x", "y"})
        result["findings"].push_back(
            {{"object", "HV01"}, {"setting", setting}, {"verdict", "drifted"}, {"severity", "low"}});
    result["findings"].push_back({{"object", "HV02"}, {"setting", "x"}, {"verdict", "excepted"}, {"severity", "low"}});
    const std::string text = forms::prometheus(result), estate = "{estate=\"a\\\"b\\\\c\\\\x0a\"";
    CHECK(text.find("fairway_audit_host_findings" + estate + ",host=\"HV01\",severity=\"low\"} 2\n") !=
          std::string::npos);
    CHECK(text.find("HV02") == std::string::npos);
    CHECK(text.find("fairway_audit_findings" + estate + ",severity=\"critical\"} 0\n") != std::string::npos);
    CHECK(text.find("fairway_audit_timestamp_seconds" + estate + "} 60\n") != std::string::npos);
    CHECK(text.find("fairway_audit_success" + estate + "} 1\n") != std::string::npos);
}

TEST_CASE("prometheus: an audit without a result says so, and no count of it stands for none") {
    const std::string text =
        forms::prometheus({{"command", "audit"}, {"exit", 4}, {"error", {{"code", "unreachable"}}}});
    CHECK(text.find("fairway_audit_success{estate=\"\"} 0\n") != std::string::npos);
    CHECK(text.find("findings") == std::string::npos);
}

}  // namespace fairway::prometheus_test
