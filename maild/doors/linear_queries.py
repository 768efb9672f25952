"""What is asked of Linear: GraphQL documents with small pages, because each costs points of an hour's budget."""

PAGE = 50
FEW = 20
"""Of an issue's history and comments: the newest come first, and mostly a few are new."""

_PAGE_INFO = "pageInfo { hasNextPage endCursor }"
_USER = "id name email"

_ISSUE = """
fragment Standing on Issue {
  id identifier url title updatedAt archivedAt trashed priority dueDate
  team { id }
  state { name }
  assignee { id name email }
  labels(first: 20) { nodes { id name } }
}
"""
_HISTORY = f"""
history(first: {FEW}, after: $history) {{
  nodes {{
    id createdAt
    actor {{ {_USER} }}
    toState {{ name }} toAssignee {{ {_USER} }} toPriority toDueDate
    fromAssignee {{ id }} fromDueDate
    addedLabels {{ name }} removedLabels {{ name }}
  }}
  {_PAGE_INFO}
}}
"""
_COMMENTS = f"""
comments(first: {FEW}, after: $comments, orderBy: updatedAt) {{
  nodes {{ id body createdAt updatedAt user {{ {_USER} }} }}
  {_PAGE_INFO}
}}
"""

TEAM = f"""
query Team($key: String!) {{
  viewer {{ {_USER} }}
  teams(filter: {{ key: {{ eq: $key }} }}, first: 1) {{ nodes {{ id key name }} }}
}}
"""
STATES = f"""
query States($team: ID!, $after: String) {{
  workflowStates(filter: {{ team: {{ id: {{ eq: $team }} }} }}, first: {PAGE}, after: $after) {{
    nodes {{ id name type position }}
    {_PAGE_INFO}
  }}
}}
"""
LABELS = f"""
query Labels($team: ID!, $after: String) {{
  issueLabels(
    filter: {{ or: [{{ team: {{ id: {{ eq: $team }} }} }}, {{ team: {{ null: true }} }}] }}, first: {PAGE}, after: $after
  ) {{
    nodes {{ id name }}
    {_PAGE_INFO}
  }}
}}
"""
USERS = f"""
query Users($after: String) {{
  users(first: {PAGE}, after: $after) {{
    nodes {{ {_USER} active }}
    {_PAGE_INFO}
  }}
}}
"""
ISSUE = f"""
{_ISSUE}
query Issue($id: ID!) {{
  issues(filter: {{ id: {{ eq: $id }} }}, first: 1, includeArchived: true) {{ nodes {{ ...Standing }} }}
}}
"""
HAPPENED = f"""
query Happened($id: ID!, $history: String, $comments: String) {{
  issues(filter: {{ id: {{ eq: $id }} }}, first: 1, includeArchived: true) {{ nodes {{ {_HISTORY} {_COMMENTS} }} }}
}}
"""
CHANGED = f"""
query Changed($team: ID!, $since: DateTimeOrDuration!, $after: String) {{
  issues(
    filter: {{ team: {{ id: {{ eq: $team }} }}, updatedAt: {{ gte: $since }} }},
    first: {PAGE}, after: $after, orderBy: updatedAt, includeArchived: true
  ) {{
    nodes {{ id updatedAt }}
    {_PAGE_INFO}
  }}
}}
"""
COMMENTED = f"""
query Commented($team: ID!, $since: DateTimeOrDuration!, $after: String) {{
  comments(
    filter: {{ issue: {{ team: {{ id: {{ eq: $team }} }} }}, updatedAt: {{ gte: $since }} }},
    first: {PAGE}, after: $after, orderBy: updatedAt
  ) {{
    nodes {{ id updatedAt issue {{ id }} }}
    {_PAGE_INFO}
  }}
}}
"""
COMMENT = """
query Comment($id: ID!) {
  comments(filter: { id: { eq: $id } }, first: 1) { nodes { id } }
}
"""
CREATE = f"""
{_ISSUE}
mutation Create($input: IssueCreateInput!) {{
  issueCreate(input: $input) {{ success issue {{ ...Standing }} }}
}}
"""
UPDATE = f"""
{_ISSUE}
mutation Update($id: String!, $input: IssueUpdateInput!) {{
  issueUpdate(id: $id, input: $input) {{ success issue {{ ...Standing }} }}
}}
"""
COMMENT_CREATE = """
mutation Say($input: CommentCreateInput!) {
  commentCreate(input: $input) { success }
}
"""
ATTACHMENT_CREATE = """
mutation Link($input: AttachmentCreateInput!) {
  attachmentCreate(input: $input) { success }
}
"""
WEBHOOK_CREATE = """
mutation Webhook($input: WebhookCreateInput!) {
  webhookCreate(input: $input) { success }
}
"""
