// What `watch` says of itself and of its findings as metrics, beside those of the audit. Pure.
#pragma once

#include <string>

#include "engine/watch/keeper.hpp"

namespace fairway::watch {

std::string metrics(const Keeper& keeper);

}  // namespace fairway::watch
