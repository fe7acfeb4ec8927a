// What is read of a host and never written: rows of the catalogue.
#pragma once

#include <span>

#include "engine/model/setting.hpp"

namespace fairway::setting {

extern const Setting host_build;
extern const Setting host_domain;
extern const Setting host_addresses;
extern const Setting host_listeners;
extern const Setting host_running_migrations;
extern const Setting host_machines;
extern const Setting host_cluster;
extern const Setting host_credential_guard;

std::span<const Setting* const> host_facts();

}  // namespace fairway::setting
