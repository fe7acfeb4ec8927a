// The settings of a host's account, who may act for whom and by which names: rows of the catalogue.
#pragma once

#include <span>

#include "engine/model/setting.hpp"

namespace fairway::setting {

extern const Setting delegation_services;
extern const Setting delegation_protocol_transition;
extern const Setting delegation_unconstrained;
extern const Setting delegation_allowed_principals;
extern const Setting spn_migration;

std::span<const Setting* const> delegation_settings();

}  // namespace fairway::setting
