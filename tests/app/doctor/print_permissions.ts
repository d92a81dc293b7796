import { checkPermissions } from "../../../src/app/doctor/check_permissions.ts";

// Run by check_permissions_test.ts with the permissions to check.
console.log(JSON.stringify(checkPermissions()));
