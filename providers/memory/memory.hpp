// The provider of embedded estates: a world in a file, shared by separate invocations. Serves hosts and
// computers. Every write replaces the file atomically under a lock, as if it were one request.
#pragma once

#include <memory>

#include "engine/provider.hpp"

namespace fairway::memory {

Result<std::unique_ptr<Reader>> open_reader(const Inventory& inventory);
Result<std::unique_ptr<NameReader>> open_name_reader(const Inventory& inventory);
Result<std::unique_ptr<RightsReader>> open_rights_reader(const Inventory& inventory);
Result<std::unique_ptr<Replicas>> open_replicas(const Inventory& inventory);
Result<std::unique_ptr<HostFinder>> open_finder(const Inventory& inventory);  // every search finds all computers
Result<std::unique_ptr<Writer>> open_writer(const Inventory& inventory);
Result<std::unique_ptr<HostLogs>> open_logs(const Inventory& inventory);  // what the world says that hosts logged
Result<std::unique_ptr<Mover>> open_mover(const Inventory& inventory);

}  // namespace fairway::memory
