// What is answered to a request for metrics: GET /metrics, by a name of this machine, and nothing else. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace fairway::watch {

inline constexpr std::size_t most_request_bytes = 8192;

// `request`: what came so far. Nothing: its head is not whole yet. The connection ends with the answer.
std::optional<std::string> answer_to(std::string_view request, const std::function<std::string()>& metrics);

}  // namespace fairway::watch
