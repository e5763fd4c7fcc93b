channels-title = 通知去哪里
channels-lead = 小区的群里有机器人，就能把新的事告诉在那里干活的人。只说编号、类别、楼栋，不说原话、联系方式和门牌。
channels-empty = 还没有群。在下面加一个。
channels-comma = 、
channels-all = 所有类别
channels-paused = 停着
channels-worked = 上次送到
channels-never-worked = 还没送过
channels-broken = 上一条没送到：
channels-sealed-elsewhere = 地址打不开了，请停用后重新加
channels-more = 设置和最近几条
channels-events = 什么事要说
channels-categories = 哪些类别
channels-categories-some = 只说几个类别
channels-quiet = 不打扰的时间
channels-never-quiet = 没有
channels-sent = 最近几条
channels-preview = 发出去是这样
channels-preview-show = 先看看发什么
channels-preview-again = 地址和密钥不会留在页面上，存的时候请再填一次。
channels-test = 发一条试试
channels-test-text = 【试发】{ $name }：这是一条试发的消息，不是新的事。
channels-pause = 先停
channels-go-on = 接着发
channels-retire = 不用了
channels-retire-what = 地址和密钥会抹掉，这个群以后收不到消息。
channels-retire-now = 停用
channels-new = 加一个群
channels-name = 叫什么
channels-name-hint = 比如：石榴园物业群
channels-place = 哪里的
channels-place-hint = 小区的群听家门和小区门的事，社区的群听社区门的事。
channels-kind = 哪家的机器人
channels-kind-wecom = 企业微信
channels-kind-dingtalk = 钉钉
channels-kind-feishu = 飞书
channels-address = 机器人的地址
channels-address-hint = https:// 开头，从群设置里复制。存好以后不再显示。
channels-secret = 签名密钥
channels-secret-hint = 钉钉、飞书选了“加签”才有。存好以后不再显示。
channels-event-new = 有新的事
channels-event-overdue = 超时了
channels-event-up = 往上走到这里
channels-event-reported = 回话了
channels-event-unsolved = 没解决，又回来了
channels-from = 几点起不打扰
channels-from-hint = 不急的等到早上再发。两个时间一样就是随时发。
channels-to = 几点可以发
channels-save = 加上
channels-stage-queued = 等着发
channels-stage-again = 没成，还会再试
channels-stage-sent = 送到了
channels-stage-given-up = 没送到，不再试
channels-says-new = 新的事
channels-says-overdue = 超时了
channels-says-up = 走到这道门了
channels-says-reported = 回话了
channels-says-unsolved = 没解决，又回来了
channels-says-due = 期限 { $due }
channels-sample-name = 石榴园物业群
channels-sample-category = 电梯
channels-sample-place = 石榴园 1号楼
channels-mail = 写信也算说一声
channels-mail-lead = 给小区一个邮箱，寄来的信就登记成一件事，默认只有经办人看得见。自动回复、退信、广告不算。
channels-mail-in-off = 这里还没有接上收信，请找系统管理员。
channels-mail-out-off = 这里还没有接上发信，所以现在不发邮件。
channels-mailbox = 邮箱
channels-mailbox-hint = 比如：shiliu@mulin.example
channels-mailbox-save = 加上邮箱
channels-mailbox-drop = 不再收
channels-mail-why = 您在“我的”里说过要收这样的信。不想收了，到那里关掉。
channels-mail-answer = 直接回这封信，就会补充到这件事里。
channels-slip-subject = 收到了
channels-slip-text =
    您的信收到了，编号 { $code }（{ $place }）。

    取件码：{ $pickup }
    { $link }

    凭取件码能看进度、补充、说好不好，也能抹掉。现在只有您和经办的人看得见。收到照片 { $photos } 张。
    直接回这封信，就会补充到这件事里。
channels-slip-others = 另有 { $others } 个附件没有收：只收照片，最多 4 张。
told-title = 怎么告诉我
told-lead = 有进展，这里总会有一条消息。想收邮件，就在下面留个邮箱。
told-mail = 我的邮箱
told-mail-hint = 只用来告诉您进展。清空就不再发。
told-mail-confirmed = 这个邮箱确认过了。
told-mail-waiting = 信里有个链接，点开确认以后才会发。
told-about = 哪些事发邮件
told-mine = 我说过的事
told-held = 等我办的事
told-followed = 我跟着看的事
told-quiet-hint = 这段时间不发邮件，等到早上。两个时间一样就是随时发。
told-save = 存好
told-confirm-title = 确认邮箱
told-confirm-what = 以后进展发到这个邮箱：
told-confirm-yes = 是我的邮箱
told-confirm-subject = 请确认您的邮箱
told-confirm-text =
    有人把这个邮箱填成了收进展的邮箱。是您的话，打开下面的链接确认：

    { $link }

    不是您填的，不用理会，不会再发。
me-unseen = 没看过的消息：{ $n } 条
me-told-how = 怎么告诉我
no-channels-not-keeper = 群和邮箱由社区、业委会或物业来管。
no-channels-not-yours = 这个小区的群和邮箱不归您管。
no-channels-name = 请写个名字，60 个字以内。
no-channels-kind = 请选是哪家的机器人。
no-channels-place = 请选是哪里的。
no-channels-address = 地址要以 https:// 开头，并且不能指向内部网络。
no-channels-secret = 密钥太长了。
no-channels-event = 至少选一样要说的事。
no-channels-quiet = 时间请写成 21:00 这样。
no-channels-mailbox = 这不像一个邮箱地址。
no-channels-mailbox-taken = 这个邮箱已经有人用了。
