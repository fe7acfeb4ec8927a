// Why a trial move failed, in text and JSON.
#pragma once

#include <string>
#include <vector>

#include "engine/base/json_fwd.hpp"
#include "engine/diagnosis/failed_move.hpp"
#include "engine/report/style.hpp"

namespace fairway::report {

// `unread`: why the logs of a host could not be read.
std::string text(const WhyFailed& why, const std::vector<std::string>& unread, const Style& style);
Json json(const WhyFailed& why, const std::vector<std::string>& unread);

}  // namespace fairway::report
