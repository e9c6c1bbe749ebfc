/*
 * What Wine has no answer for, answered by the prototypes and structures of the public Windows headers, so that the agent's
 * calls, layouts and order of arguments are held against the compiler's and not against themselves. Arguments other than the
 * documented ones get the error Windows would give. One library for all that it stands in for.
 */
#define _WIN32_WINNT 0x0A00
#define _ADVAPI32_
#include <winsock2.h>
#include <windows.h>
#include <lm.h>
#include <powrprof.h>
#include <wlanapi.h>
#include <winevt.h>
#include <wtsapi32.h>

#define EXPORT __declspec(dllexport)

static void *hold(SIZE_T size) { return HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, size); }
static void release(void *memory) { HeapFree(GetProcessHeap(), 0, memory); }
static WCHAR *holdText(const WCHAR *text) {
  WCHAR *copy = hold((lstrlenW(text) + 1) * sizeof(WCHAR));
  lstrcpyW(copy, text);
  return copy;
}

/* netapi32 */

EXPORT NET_API_STATUS WINAPI NetApiBufferFree(LPVOID buffer) {
  release(buffer);
  return NERR_Success;
}

EXPORT NET_API_STATUS WINAPI NetUserModalsGet(LPCWSTR server, DWORD level, LPBYTE *buffer) {
  if (server != NULL) return ERROR_BAD_NETPATH;
  if (level == 0) {
    USER_MODALS_INFO_0 *rules = hold(sizeof *rules);
    *rules = (USER_MODALS_INFO_0){ .usrmod0_min_passwd_len = 14, .usrmod0_max_passwd_age = TIMEQ_FOREVER,
      .usrmod0_min_passwd_age = 86400, .usrmod0_force_logoff = 7, .usrmod0_password_hist_len = 24 };
    *buffer = (LPBYTE)rules;
    return NERR_Success;
  }
  if (level == 3) {
    USER_MODALS_INFO_3 *rules = hold(sizeof *rules);
    *rules = (USER_MODALS_INFO_3){ .usrmod3_lockout_duration = 900, .usrmod3_lockout_observation_window = 600,
      .usrmod3_lockout_threshold = 10 };
    *buffer = (LPBYTE)rules;
    return NERR_Success;
  }
  return ERROR_INVALID_LEVEL;
}

/* One account a call: the list comes in pieces. */
EXPORT NET_API_STATUS WINAPI NetUserEnum(LPCWSTR server, DWORD level, DWORD filter, LPBYTE *buffer, DWORD size,
                                         LPDWORD count, LPDWORD total, LPDWORD resume) {
  static const struct { WCHAR *name; DWORD flags, id; } accounts[] = {
    { L"Chefin", UF_SCRIPT | UF_NORMAL_ACCOUNT | UF_ACCOUNTDISABLE, 500 },
    { L"Invité", UF_SCRIPT | UF_NORMAL_ACCOUNT | UF_ACCOUNTDISABLE | UF_PASSWD_NOTREQD, 501 },
    { L"anna", UF_SCRIPT | UF_NORMAL_ACCOUNT, 1001 },
  };
  if (server != NULL || size != MAX_PREFERRED_LENGTH) return ERROR_INVALID_PARAMETER;
  if (level != 20) return ERROR_INVALID_LEVEL;
  if (filter != FILTER_NORMAL_ACCOUNT) return ERROR_INVALID_PARAMETER;
  USER_INFO_20 *user = hold(sizeof *user);
  *user = (USER_INFO_20){ .usri20_name = accounts[*resume].name, .usri20_full_name = L"", .usri20_comment = L"",
    .usri20_flags = accounts[*resume].flags, .usri20_user_id = accounts[*resume].id };
  *buffer = (LPBYTE)user;
  *count = 1;
  *total = 3 - *resume;
  *resume += 1;
  return *resume < 3 ? ERROR_MORE_DATA : NERR_Success;
}

EXPORT NET_API_STATUS WINAPI NetUserGetInfo(LPCWSTR server, LPCWSTR name, DWORD level, LPBYTE *buffer) {
  if (server != NULL || level != 24) return ERROR_INVALID_LEVEL;
  if (lstrcmpW(name, L"Chefin") != 0 && lstrcmpW(name, L"Invité") != 0 && lstrcmpW(name, L"anna") != 0) {
    return NERR_UserNotFound;
  }
  USER_INFO_24 *info = hold(sizeof *info);
  info->usri24_internet_identity = lstrcmpW(name, L"anna") == 0;
  info->usri24_flags = 0xffffffff;
  *buffer = (LPBYTE)info;
  return NERR_Success;
}

EXPORT NET_API_STATUS WINAPI NetGetJoinInformation(LPCWSTR server, LPWSTR *name, PNETSETUP_JOIN_STATUS status) {
  if (server != NULL) return ERROR_INVALID_PARAMETER;
  *name = holdText(L"ACME");
  *status = NetSetupDomainName;
  return NERR_Success;
}

/* Not in these headers: the join type is the structure's first field, 1 = device join. */
EXPORT HRESULT WINAPI NetGetAadJoinInformation(LPCWSTR tenant, int **info) {
  if (tenant != NULL) return E_INVALIDARG;
  *info = hold(128);
  **info = 1;
  return S_OK;
}

EXPORT VOID WINAPI NetFreeAadJoinInformation(int *info) { release(info); }

EXPORT NET_API_STATUS WINAPI NetShareEnum(LMSTR server, DWORD level, LPBYTE *buffer, DWORD size, LPDWORD count,
                                          LPDWORD total, LPDWORD resume) {
  static const DWORD types[] = { STYPE_DISKTREE | STYPE_SPECIAL, STYPE_IPC | STYPE_SPECIAL, STYPE_DISKTREE,
    STYPE_DISKTREE | STYPE_TEMPORARY, STYPE_PRINTQ };
  if (server != NULL || level != 1 || size != MAX_PREFERRED_LENGTH || *resume != 0) return ERROR_INVALID_PARAMETER;
  SHARE_INFO_1 *shares = hold(5 * sizeof *shares);
  for (int i = 0; i < 5; i += 1) {
    shares[i] = (SHARE_INFO_1){ .shi1_netname = L"Lohn", .shi1_type = types[i], .shi1_remark = L"" };
  }
  *buffer = (LPBYTE)shares;
  *count = *total = 5;
  return NERR_Success;
}

/* powrprof */

EXPORT DWORD WINAPI PowerGetActiveScheme(HKEY root, GUID **scheme) {
  if (root != NULL) return ERROR_INVALID_PARAMETER;
  *scheme = LocalAlloc(LMEM_ZEROINIT, sizeof **scheme);
  (*scheme)->Data1 = 0x381b4222;
  return ERROR_SUCCESS;
}

static const GUID video = { 0x7516b95f, 0xf776, 0x4464, { 0x8c, 0x53, 0x06, 0x16, 0x7f, 0x40, 0xcc, 0x99 } };
static const GUID videoIdle = { 0x3c0bc021, 0xc8a8, 0x4e07, { 0xa9, 0x73, 0x6b, 0x14, 0xcb, 0xcb, 0x2b, 0x7e } };

static DWORD powerValue(HKEY root, const GUID *scheme, const GUID *group, const GUID *setting, LPDWORD value, DWORD is) {
  if (root != NULL || scheme == NULL || scheme->Data1 != 0x381b4222) return ERROR_INVALID_PARAMETER;
  if (!IsEqualGUID(group, &video) || !IsEqualGUID(setting, &videoIdle)) return ERROR_FILE_NOT_FOUND;
  *value = is;
  return ERROR_SUCCESS;
}

EXPORT DWORD WINAPI PowerReadACValueIndex(HKEY root, const GUID *scheme, const GUID *group, const GUID *setting, LPDWORD value) {
  return powerValue(root, scheme, group, setting, value, 600);
}

EXPORT DWORD WINAPI PowerReadDCValueIndex(HKEY root, const GUID *scheme, const GUID *group, const GUID *setting, LPDWORD value) {
  return powerValue(root, scheme, group, setting, value, 300);
}

EXPORT NTSTATUS WINAPI CallNtPowerInformation(POWER_INFORMATION_LEVEL level, PVOID in, ULONG inSize, PVOID out, ULONG outSize) {
  SYSTEM_POWER_CAPABILITIES *power = out;
  if (level != SystemPowerCapabilities || in != NULL || inSize != 0) return 0xC000000D;
  if (outSize != sizeof *power) return 0xC0000023;
  power->SystemS3 = TRUE;
  /* AoAc, newer than these headers: between spare2 and DiskSpinDown. */
  power->spare2[2] = TRUE;
  power->SystemBatteriesPresent = TRUE;
  return 0;
}

/* tbs, wscapi, mdmregistration: not in these headers, by their documentation. */

EXPORT UINT32 WINAPI Tbsi_GetDeviceInfo(UINT32 size, PVOID info) {
  struct { UINT32 structVersion, tpmVersion, tpmInterfaceType, tpmImpRevision; } *device = info;
  if (size != sizeof *device) return 0x80284002;
  device->structVersion = 1;
  device->tpmVersion = 2;
  return 0;
}

EXPORT HRESULT WINAPI WscGetSecurityProviderHealth(DWORD providers, int *health) {
  if (providers == 1) {
    *health = 2;
    return S_FALSE;
  }
  *health = 0;
  return S_OK;
}

EXPORT HRESULT WINAPI IsDeviceRegisteredWithManagement(BOOL *registered, DWORD size, LPWSTR name) {
  if (size != 0 || name != NULL) return E_INVALIDARG;
  *registered = TRUE;
  return S_OK;
}

/* wevtapi: handles are numbers. */

EXPORT EVT_HANDLE WINAPI EvtQuery(EVT_HANDLE session, LPCWSTR path, LPCWSTR query, DWORD flags) {
  if (session != NULL || lstrcmpW(path, L"Security") != 0 || query != NULL ||
      flags != (EvtQueryChannelPath | EvtQueryForwardDirection)) {
    SetLastError(ERROR_EVT_CHANNEL_NOT_FOUND);
    return NULL;
  }
  return (EVT_HANDLE)(ULONG_PTR)11;
}

EXPORT BOOL WINAPI EvtNext(EVT_HANDLE results, DWORD size, EVT_HANDLE *events, DWORD timeout, DWORD flags, PDWORD returned) {
  if (results != (EVT_HANDLE)(ULONG_PTR)11 || size != 1 || timeout == 0 || flags != 0) {
    SetLastError(ERROR_INVALID_PARAMETER);
    return FALSE;
  }
  events[0] = (EVT_HANDLE)(ULONG_PTR)12;
  *returned = 1;
  return TRUE;
}

EXPORT EVT_HANDLE WINAPI EvtCreateRenderContext(DWORD count, LPCWSTR *paths, DWORD flags) {
  return count == 0 && paths == NULL && flags == EvtRenderContextSystem ? (EVT_HANDLE)(ULONG_PTR)13 : NULL;
}

EXPORT BOOL WINAPI EvtRender(EVT_HANDLE context, EVT_HANDLE event, DWORD flags, DWORD size, PVOID buffer, PDWORD used, PDWORD count) {
  EVT_VARIANT *values = buffer;
  if (context != (EVT_HANDLE)(ULONG_PTR)13 || event != (EVT_HANDLE)(ULONG_PTR)12 || flags != EvtRenderEventValues) {
    SetLastError(ERROR_INVALID_PARAMETER);
    return FALSE;
  }
  *used = EvtSystemPropertyIdEND * sizeof *values;
  *count = EvtSystemPropertyIdEND;
  if (size < *used) {
    SetLastError(ERROR_INSUFFICIENT_BUFFER);
    return FALSE;
  }
  values[EvtSystemTimeCreated].Type = EvtVarTypeFileTime;
  /* 2026-08-02T11:20:09Z */
  values[EvtSystemTimeCreated].FileTimeVal = 134301432090000000;
  return TRUE;
}

EXPORT BOOL WINAPI EvtClose(EVT_HANDLE handle) { return handle != NULL; }

/* wlanapi: one adapter that is connected, one that is not. */

static const GUID adapter = { 0x01020304, 0x0506, 0x0708, { 9, 10, 11, 12, 13, 14, 15, 16 } };

EXPORT DWORD WINAPI WlanOpenHandle(DWORD version, PVOID reserved, PDWORD negotiated, PHANDLE client) {
  if (version != 2 || reserved != NULL) return ERROR_INVALID_PARAMETER;
  *negotiated = 2;
  *client = (HANDLE)(ULONG_PTR)21;
  return ERROR_SUCCESS;
}

EXPORT DWORD WINAPI WlanCloseHandle(HANDLE client, PVOID reserved) {
  return client == (HANDLE)(ULONG_PTR)21 && reserved == NULL ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
}

EXPORT VOID WINAPI WlanFreeMemory(PVOID memory) { release(memory); }

EXPORT DWORD WINAPI WlanEnumInterfaces(HANDLE client, PVOID reserved, PWLAN_INTERFACE_INFO_LIST *list) {
  if (client != (HANDLE)(ULONG_PTR)21 || reserved != NULL) return ERROR_INVALID_HANDLE;
  *list = hold(sizeof **list + 2 * sizeof(WLAN_INTERFACE_INFO));
  (*list)->dwNumberOfItems = 2;
  (*list)->InterfaceInfo[0].isState = wlan_interface_state_disconnected;
  (*list)->InterfaceInfo[1].isState = wlan_interface_state_connected;
  (*list)->InterfaceInfo[1].InterfaceGuid = adapter;
  return ERROR_SUCCESS;
}

EXPORT DWORD WINAPI WlanQueryInterface(HANDLE client, const GUID *guid, WLAN_INTF_OPCODE code, PVOID reserved, PDWORD size,
                                       PVOID *data, PWLAN_OPCODE_VALUE_TYPE type) {
  if (client != (HANDLE)(ULONG_PTR)21 || reserved != NULL || type != NULL) return ERROR_INVALID_HANDLE;
  if (!IsEqualGUID(guid, &adapter) || code != wlan_intf_opcode_current_connection) return ERROR_INVALID_STATE;
  WLAN_CONNECTION_ATTRIBUTES *connection = hold(sizeof *connection);
  lstrcpyW(connection->strProfileName, L"Casa Bianca");
  connection->wlanSecurityAttributes.bSecurityEnabled = TRUE;
  connection->wlanSecurityAttributes.dot11AuthAlgorithm = DOT11_AUTH_ALGO_RSNA_PSK;
  connection->wlanSecurityAttributes.dot11CipherAlgorithm = DOT11_CIPHER_ALGO_CCMP;
  *size = sizeof *connection;
  *data = connection;
  return ERROR_SUCCESS;
}

EXPORT DWORD WINAPI WlanGetProfileList(HANDLE client, const GUID *guid, PVOID reserved, PWLAN_PROFILE_INFO_LIST *list) {
  if (client != (HANDLE)(ULONG_PTR)21 || reserved != NULL) return ERROR_INVALID_HANDLE;
  *list = hold(sizeof **list + 2 * sizeof(WLAN_PROFILE_INFO));
  if (!IsEqualGUID(guid, &adapter)) return ERROR_SUCCESS;
  (*list)->dwNumberOfItems = 2;
  lstrcpyW((*list)->ProfileInfo[0].strProfileName, L"Casa Bianca");
  lstrcpyW((*list)->ProfileInfo[1].strProfileName, L"Café");
  return ERROR_SUCCESS;
}

EXPORT DWORD WINAPI WlanGetProfile(HANDLE client, const GUID *guid, LPCWSTR name, PVOID reserved, LPWSTR *xml, DWORD *flags, PDWORD access) {
  if (client != (HANDLE)(ULONG_PTR)21 || reserved != NULL || !IsEqualGUID(guid, &adapter)) return ERROR_INVALID_HANDLE;
  /* WLAN_PROFILE_GET_PLAINTEXT_KEY would hand out the key. */
  if (*flags & 4) return ERROR_ACCESS_DENIED;
  *access = 1;
  if (lstrcmpW(name, L"Casa Bianca") == 0) {
    *xml = holdText(L"<WLANProfile><MSM><security><authEncryption><authentication>WPA2PSK</authentication>"
                    L"<encryption>AES</encryption></authEncryption></security></MSM></WLANProfile>");
    return ERROR_SUCCESS;
  }
  if (lstrcmpW(name, L"Café") == 0) {
    *xml = holdText(L"<WLANProfile><MSM><security><authEncryption><authentication>open</authentication>"
                    L"<encryption>none</encryption></authEncryption></security></MSM></WLANProfile>");
    return ERROR_SUCCESS;
  }
  return ERROR_NOT_FOUND;
}

/* wtsapi32, as LocalSystem sees it: the service session, somebody at the screen, the sign-in screen, somebody disconnected. */

EXPORT BOOL WINAPI WTSEnumerateSessionsW(HANDLE server, DWORD reserved, DWORD version, PWTS_SESSION_INFOW *list, DWORD *count) {
  static const struct { DWORD id; WTS_CONNECTSTATE_CLASS state; } sessions[] = {
    { 0, WTSDisconnected }, { 1, WTSActive }, { 2, WTSConnected }, { 5, WTSDisconnected }, { 65536, WTSListen } };
  if (server != WTS_CURRENT_SERVER_HANDLE || reserved != 0 || version != 1) return FALSE;
  *list = hold(5 * sizeof **list);
  for (int i = 0; i < 5; i += 1) {
    (*list)[i] = (WTS_SESSION_INFOW){ .SessionId = sessions[i].id, .pWinStationName = L"x", .State = sessions[i].state };
  }
  *count = 5;
  return TRUE;
}

EXPORT BOOL WINAPI WTSQuerySessionInformationW(HANDLE server, DWORD session, WTS_INFO_CLASS what, LPWSTR *buffer, DWORD *size) {
  if (server != WTS_CURRENT_SERVER_HANDLE) return FALSE;
  if (what == WTSClientProtocolType) {
    *buffer = hold(sizeof(USHORT));
    *(USHORT *)*buffer = session == 5 ? 2 : 0;
    *size = sizeof(USHORT);
    return TRUE;
  }
  const WCHAR *name = session == 1 ? L"anna" : session == 5 ? L"Empfang" : L"";
  *buffer = holdText(what == WTSUserName ? name : what == WTSDomainName ? L"LAPTOP" : L"?");
  *size = (lstrlenW(*buffer) + 1) * sizeof(WCHAR);
  return TRUE;
}

EXPORT BOOL WINAPI WTSQueryUserToken(ULONG session, PHANDLE token) {
  HANDLE own;
  if (session != 1 && session != 5) {
    SetLastError(ERROR_NO_TOKEN);
    return FALSE;
  }
  /* Any token will do: that of this process. */
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &own)) return FALSE;
  *token = own;
  return TRUE;
}

EXPORT VOID WINAPI WTSFreeMemory(PVOID memory) { release(memory); }

/* advapi32: the service manager, which takes exactly one service and exactly its settings. Wine keeps few of them. */

static BOOL is(BOOL expected) {
  if (!expected) SetLastError(ERROR_INVALID_PARAMETER);
  return expected;
}

EXPORT SC_HANDLE WINAPI OpenSCManagerW(LPCWSTR machine, LPCWSTR database, DWORD access) {
  if (!is(machine == NULL && database == NULL && access == (SC_MANAGER_CONNECT | SC_MANAGER_CREATE_SERVICE))) return NULL;
  return (SC_HANDLE)1;
}

EXPORT WINBOOL WINAPI CloseServiceHandle(SC_HANDLE handle) { return is(handle == (SC_HANDLE)1 || handle == (SC_HANDLE)2); }

/* As on a machine that has the service already: it is changed. */
EXPORT SC_HANDLE WINAPI CreateServiceW(SC_HANDLE manager, LPCWSTR name, LPCWSTR shown, DWORD access, DWORD type, DWORD start,
                                       DWORD error, LPCWSTR path, LPCWSTR group, LPDWORD tag, LPCWSTR needs, LPCWSTR account,
                                       LPCWSTR password) {
  if (!is(manager == (SC_HANDLE)1 && lstrcmpW(name, L"MusterAgent") == 0 && lstrcmpW(shown, L"Muster agent") == 0 &&
          access == SERVICE_ALL_ACCESS && type == SERVICE_WIN32_OWN_PROCESS && start == SERVICE_AUTO_START &&
          error == SERVICE_ERROR_NORMAL && path[0] == L'"' && group == NULL && tag == NULL && needs == NULL && account == NULL &&
          password == NULL)) return NULL;
  SetLastError(ERROR_SERVICE_EXISTS);
  return NULL;
}

EXPORT SC_HANDLE WINAPI OpenServiceW(SC_HANDLE manager, LPCWSTR name, DWORD access) {
  if (!is(manager == (SC_HANDLE)1 && lstrcmpW(name, L"MusterAgent") == 0 && access == SERVICE_ALL_ACCESS)) return NULL;
  return (SC_HANDLE)2;
}

EXPORT WINBOOL WINAPI ChangeServiceConfigW(SC_HANDLE service, DWORD type, DWORD start, DWORD error, LPCWSTR path, LPCWSTR group,
                                           LPDWORD tag, LPCWSTR needs, LPCWSTR account, LPCWSTR password, LPCWSTR shown) {
  return is(service == (SC_HANDLE)2 && type == SERVICE_WIN32_OWN_PROCESS && start == SERVICE_AUTO_START &&
            error == SERVICE_ERROR_NORMAL && path[0] == L'"' && group == NULL && tag == NULL && needs == NULL &&
            account == NULL && password == NULL && lstrcmpW(shown, L"Muster agent") == 0);
}

EXPORT WINBOOL WINAPI ChangeServiceConfig2W(SC_HANDLE service, DWORD level, LPVOID info) {
  if (!is(service == (SC_HANDLE)2)) return FALSE;
  switch (level) {
    case SERVICE_CONFIG_DESCRIPTION:
      return is(lstrlenW(((SERVICE_DESCRIPTIONW *)info)->lpDescription) > 10);
    case SERVICE_CONFIG_FAILURE_ACTIONS: {
      static const DWORD delays[] = { 60000, 60000, 300000 };
      const SERVICE_FAILURE_ACTIONSW *failure = info;
      if (!is(failure->dwResetPeriod == 86400 && failure->lpRebootMsg == NULL && failure->lpCommand == NULL &&
              failure->cActions == 3)) return FALSE;
      for (int i = 0; i < 3; i += 1) {
        if (!is(failure->lpsaActions[i].Type == SC_ACTION_RESTART && failure->lpsaActions[i].Delay == delays[i])) return FALSE;
      }
      return TRUE;
    }
    case SERVICE_CONFIG_DELAYED_AUTO_START_INFO:
      return is(((SERVICE_DELAYED_AUTO_START_INFO *)info)->fDelayedAutostart == TRUE);
    case SERVICE_CONFIG_FAILURE_ACTIONS_FLAG:
      return is(((SERVICE_FAILURE_ACTIONS_FLAG *)info)->fFailureActionsOnNonCrashFailures == TRUE);
    case SERVICE_CONFIG_SERVICE_SID_INFO:
      return is(((SERVICE_SID_INFO *)info)->dwServiceSidType == SERVICE_SID_TYPE_UNRESTRICTED);
    default:
      SetLastError(ERROR_INVALID_LEVEL);
      return FALSE;
  }
}
