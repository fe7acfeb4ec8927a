// The provider of Hyper-V hosts: their settings and facts over WS-Management, as the port wants them
// (engine/provider.hpp). Opening costs nothing; hosts are reached, and credentials got, when first needed.
#pragma once

#include <memory>

#include "engine/model/inventory.hpp"
#include "engine/provider.hpp"

namespace fairway::wmi {

Result<std::unique_ptr<Reader>> open_reader(const Inventory& inventory);
Result<std::unique_ptr<Writer>> open_writer(const Inventory& inventory);
Result<std::unique_ptr<Mover>> open_mover(const Inventory& inventory);

}  // namespace fairway::wmi
